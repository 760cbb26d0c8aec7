"""Addresses of accounts and permissions (職員と権限のURL)."""

from django.urls import path

from municipal.web.views import staff

app_name = "staff"
urlpatterns = [
    path("staff", staff.everybody, name="list"),
    path("staff/add", staff.add, name="add"),
    path("staff/<int:number>", staff.edit, name="edit"),
]
