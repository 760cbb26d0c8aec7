"""Addresses of closing periods and years (締めのURL)."""

from django.urls import path

from municipal.web.views import closing

app_name = "closing"
urlpatterns = [
    path("money/closing", closing.overview, name="overview"),
    path("money/closing/year", closing.year, name="year"),
]
