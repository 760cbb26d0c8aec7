"""Addresses of changing addresses in bulk (住所一括変更のURL)."""

from django.urls import path, re_path

from municipal.web.views import address_changes

app_name = "address_changes"
urlpatterns = [
    path("address-changes", address_changes.everything, name="list"),
    path("address-changes/extract", address_changes.extract, name="extract"),
    path("address-changes/<int:number>", address_changes.detail, name="detail"),
    path("address-changes/<int:number>/next", address_changes.carry_on, name="next"),
    path("address-changes/<int:number>/results.csv", address_changes.results, name="results"),
    re_path(
        r"^address-changes/(?P<number>\d{1,18})/letters-(?P<when>before|after)\.pdf$", address_changes.letters,
        name="letters",
    ),
]  # fmt: skip
