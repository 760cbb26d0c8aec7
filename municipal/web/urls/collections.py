"""Addresses of files of reports (収納データのURL)."""

from django.urls import path

from municipal.web.views import collections

app_name = "collections"
urlpatterns = [
    path("money/collections", collections.everything, name="list"),
    path("money/collections/received/<int:number>", collections.received, name="received"),
    path("money/collections/received/<int:number>/rows.csv", collections.rows, name="rows"),
    path("money/collections/received/<int:number>/errors.csv", collections.errors, name="errors"),
    path("money/collections/<int:number>", collections.one, name="file"),
]
