"""Addresses of the office's queue of applications (申請の処理のURL)."""

from django.urls import path

from municipal.web.views import casework

app_name = "cases"
urlpatterns = [
    path("cases", casework.queue, name="list"),
    path("cases/<int:number>", casework.case_page, name="case"),
    path("cases/<int:number>/steps/<slug:action>", casework.step_page, name="step"),
    path("cases/<int:number>/notice.pdf", casework.notice, name="notice"),
    path("cases/<int:number>/files/<uuid:ref>", casework.attached, name="file"),
]
