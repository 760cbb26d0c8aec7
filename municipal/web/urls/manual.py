"""Addresses of the manual (手引のURL)."""

from django.urls import path

from municipal.web.views import manual

app_name = "manual"
urlpatterns = [
    path("manual", manual.index, name="index"),
    path("manual/messages", manual.messages, name="messages"),
    path("manual/grave-alerts", manual.grave, name="grave"),
    path("manual/screens/<str:screen>", manual.page, name="page"),
]
