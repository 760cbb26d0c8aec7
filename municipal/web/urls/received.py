"""Addresses of received notices (受信した通知のURL)."""

from django.urls import path

from municipal.web.views import agency, received

app_name = "received"
urlpatterns = [
    path("received", received.waiting_list, name="list"),
    path("received/agency", agency.told, name="agency"),
    path("received/file", received.file, name="file"),
    path("received/<int:number>/close", received.close, name="close"),
]
