"""Addresses of searching by conditions and of letters (検索のURL)."""

from django.urls import path

from municipal.web.views import searching

app_name = "searching"
urlpatterns = [
    path("search", searching.conditions, name="conditions"),
    path("letters", searching.letters, name="letters"),
]
