"""Addresses of the dictionaries (マスタのURL)."""

from django.urls import path

from municipal.web.views import places

app_name = "places"
urlpatterns = [
    path("places", places.overview, name="overview"),
    path("places/<str:kind>", places.entries, name="entries"),
    path("places/<str:kind>/new", places.entry, name="new"),
    path("places/<str:kind>/<int:number>", places.entry, name="entry"),
]
