"""Addresses of closing days and of paper taken in while the system was down (日締めのURL)."""

from django.urls import path

from municipal.web.views import days

app_name = "days"
urlpatterns = [
    path("days", days.everything, name="list"),
    path("days/<str:day>", days.day, name="day"),
    path("papers", days.papers, name="papers"),
    path("papers/print", days.print_blank, name="print"),
]
