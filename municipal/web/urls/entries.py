"""Addresses of entering an act (異動の入力のURL)."""

from django.urls import path

from municipal.web.views import entries

app_name = "entries"
urlpatterns = [
    path("entries/start", entries.start, name="start"),
    path("entries/leave", entries.leave, name="leave"),
    path("entries/<str:act>", entries.form, name="form"),
]
