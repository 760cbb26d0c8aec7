"""Addresses of the lists of deadlines (届出期限のURL)."""

from django.urls import path

from municipal.web.views import late

app_name = "late"
urlpatterns = [
    path("deadlines", late.notices, name="notices"),
    path("deadlines/arrivals", late.arrivals, name="arrivals"),
]
