"""Addresses of payers (納付義務者のURL)."""

from django.urls import path

from municipal.web.views import payer_recipients, payers

app_name = "payers"
urlpatterns = [
    path("money/payers", payers.everybody, name="list"),
    path("money/payers/new", payers.register, name="register"),
    path("money/payers/<str:number>", payers.one, name="payer"),
    path("money/payers/<str:number>/correct", payers.correct, name="correct"),
    path("money/payers/<str:number>/recipients/new", payer_recipients.register, name="recipient"),
    path("money/payers/<str:number>/recipients/<int:row>/end", payer_recipients.end, name="end_recipient"),
    path("money/payers/<str:number>/joint/<int:assessment>", payer_recipients.joint, name="joint"),
    path("money/payers/<str:number>/joint/<int:assessment>/<int:row>", payer_recipients.release, name="release"),
]
