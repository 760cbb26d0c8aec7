"""Addresses of the pages about entitlements (受給資格のURL)."""

from django.urls import path

from municipal.web.views import entitlement_files, entitlements

app_name = "entitlements"
urlpatterns = [
    path("entitlements", entitlements.everything, name="list"),
    path("entitlements/files", entitlement_files.files, name="files"),
    path("entitlements/files/<int:number>", entitlement_files.file, name="file"),
    path("entitlements/<str:number>", entitlements.one, name="one"),
    path("entitlements/<str:number>/notice.pdf", entitlements.notice, name="notice"),
    path("entitlements/<str:number>/<slug:what>", entitlements.change, name="change"),
]
