"""Addresses of accounts and permissions (職員と権限のURL)."""

from django.urls import path

from municipal.web.views import staff

app_name = "staff"
urlpatterns = [
    path("", staff.everybody, name="list"),
    path("add", staff.add, name="add"),
    path("<int:number>", staff.edit, name="edit"),
]
