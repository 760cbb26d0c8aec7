"""Addresses of the counter mode and of the figures by channel (窓口受付のURL)."""

from django.urls import path

from municipal.web.views import case_reception, desk, desk_asking, desk_check, desk_papers, desk_plan  # noqa: F401

app_name = "desk"
urlpatterns = [
    path("desk", desk.home, name="home"),
    path("desk/open", desk.opened, name="open"),
    path("desk/card", desk.card, name="card"),
    path("desk/<uuid:reception>/plan", desk_plan.plan, name="plan"),
    path("desk/<uuid:reception>/ask", desk_asking.ask, name="ask"),
    path("desk/<uuid:reception>/check", desk_check.check, name="check"),
    path("desk/<uuid:reception>/shown", desk_check.shown, name="shown"),
    path("desk/<uuid:reception>/done", desk_check.done, name="done"),
    path("desk/<uuid:reception>/drop", desk_check.drop, name="drop"),
    path("desk/<uuid:reception>/forms.pdf", desk_papers.forms, name="forms"),
    path("desk/blank/<slug:code>.pdf", desk_papers.blank, name="blank"),
]
