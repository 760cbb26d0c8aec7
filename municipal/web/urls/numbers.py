"""Addresses of a person's numbers; no number ever stands in one (番号のURL)."""

from django.urls import path

from municipal.web.views import network, numbers

app_name = "numbers"
urlpatterns = [
    path("numbers/find", numbers.find, name="find"),
    path("numbers/stock", numbers.stock, name="stock"),
    path("numbers/requests", network.everything, name="requests"),
    path("residents/<str:number>/numbers/request", network.ask, name="ask"),
    path("residents/<str:number>/numbers/destination", network.destination, name="destination"),
    path("residents/<str:number>/numbers", numbers.page, name="page"),
    path("residents/<str:number>/numbers/show", numbers.shown, name="show"),
    path("residents/<str:number>/numbers/<slug:act>", numbers.form, name="form"),
]
