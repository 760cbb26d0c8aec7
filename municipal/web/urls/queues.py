"""Addresses of reports that wait for a person (照合待ちのURL)."""

from django.urls import path

from municipal.web.views import queues

app_name = "queues"
urlpatterns = [
    path("money/queues", queues.everything, name="list"),
    path("money/queues/<int:number>", queues.case, name="case"),
    path("money/queues/<int:number>/decide/<str:act>", queues.decide_case, name="decide"),
    path("money/queues/<int:number>/give-back/<str:act>", queues.give_back, name="give_back"),
    path("money/queues/decisions/<int:number>/undo", queues.undo, name="undo"),
]
