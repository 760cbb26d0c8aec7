"""Addresses of the counter (住民の照会のURL)."""

from django.urls import path

from municipal.web.views import card_desk, residents

app_name = "residents"
urlpatterns = [
    path("residents", residents.search, name="search"),
    path("residents/<str:number>", residents.person, name="person"),
    path("residents/<str:number>/history", residents.history, name="history"),
    path("residents/<str:number>/household", residents.household, name="household"),
    path("residents/<str:number>/disclosures", residents.disclosures, name="disclosures"),
    path("residents/<str:number>/cards", card_desk.cards, name="cards"),
    path("residents/<str:number>/cards/legal", card_desk.legal, name="legal"),
    path("residents/<str:number>/cards/<int:card>/lost", card_desk.lost, name="lost"),
    path("residents/<str:number>/cards/<int:card>/pin", card_desk.pin, name="pin"),
]
