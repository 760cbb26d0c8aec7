"""Addresses of the monthly counts (人口の月報のURL)."""

from django.urls import path

from municipal.web.views import counts

app_name = "counts"
urlpatterns = [path("statistics/months", counts.months, name="months")]
