"""Addresses of accounts and permissions (職員と権限のURL)."""

from django.urls import path

from municipal.web.views import staff, staff_bulk

app_name = "staff"
urlpatterns = [
    path("staff", staff.everybody, name="list"),
    path("staff/bulk", staff_bulk.bulk, name="bulk"),
    path("staff/matrix", staff_bulk.table, name="matrix"),
    path("staff/add", staff.add, name="add"),
    path("staff/<int:number>", staff.edit, name="edit"),
]
