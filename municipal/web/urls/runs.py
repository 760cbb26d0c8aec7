"""Addresses of runs over everybody (一括処理のURL)."""

from django.urls import path

from municipal.web.views import runs

app_name = "runs"
urlpatterns = [
    path("runs", runs.everything, name="list"),
    path("runs.csv", runs.results, name="results"),
    path("runs/order/<str:kind>", runs.order, name="order"),
    path("runs/schedules/<int:number>/stop", runs.stop, name="stop"),
    path("runs/<int:number>", runs.detail, name="detail"),
    path("runs/<int:number>/errors.csv", runs.errors, name="errors"),
]
