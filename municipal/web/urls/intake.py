"""Addresses of the intake of national applications, and of the simulated portal (申請管理のURL)."""

from django.urls import path

from municipal.web.views import intake, intake_panel, intake_portal  # noqa: F401  (the panel stands on another page)

app_name = "intake"
urlpatterns = [
    path("intake", intake.received, name="list"),
    path("intake/ask", intake.ask, name="ask"),
    path("intake/settings", intake.settings, name="settings"),
    path("intake/simulator", intake_portal.play, name="play"),
    path("intake/simulator/<int:number>", intake_portal.misbehave, name="misbehave"),
    path("intake/<int:number>", intake.detail, name="detail"),
    path("intake/<int:number>/<slug:act>", intake.act, name="act"),
    path("portal/<str:town>/<path:path>", intake_portal.portal, name="portal"),
]
