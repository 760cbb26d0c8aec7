"""Addresses of the staff's pages on payments made online, and of the simulator (オンライン納付の職員用URL)."""

from django.urls import path

from municipal.web.views import online, simulated

app_name = "online"
urlpatterns = [
    path("money/online", online.everything, name="list"),
    path("money/online/<uuid:payment>", online.detail, name="detail"),
    path("money/online/<uuid:payment>/refund", online.refund, name="refund"),
    path("money/simulator", simulated.channels, name="simulator"),
    path("money/simulator/send", simulated.send, name="send"),
    path("money/simulator/<str:day>.csv", simulated.day_file, name="day_file"),
]
