"""Addresses of the statistics (統計のURL)."""

from django.urls import path

from municipal.web.views import statistics

app_name = "statistics"
urlpatterns = [
    path("statistics/years", statistics.years, name="years"),
    path("statistics/people", statistics.people, name="people"),
    path("statistics/foreigners", statistics.foreign_residents, name="foreigners"),
    path("statistics/files", statistics.files, name="files"),
    path("statistics/files/<str:month>/<str:name>", statistics.file, name="file"),
]
