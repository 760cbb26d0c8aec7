"""Addresses of handing over and taking in (引渡しと受入れのURL)."""

from django.urls import path

from municipal.web.views import linkage, transfer

app_name = "transfer"
urlpatterns = [
    path("transfer", transfer.overview, name="overview"),
    path("transfer/handovers/new", transfer.order, name="order"),
    path("transfer/handovers/<int:number>", transfer.handover, name="handover"),
    path("transfer/handovers/<int:number>/decision", transfer.decision, name="decision"),
    path("transfer/intakes/new", transfer.take_in, name="take_in"),
    path("transfer/intakes/<int:number>", transfer.intake, name="intake"),
    path("transfer/intakes/<int:number>/faults", transfer.faults, name="faults"),
    path("transfer/linkage", linkage.timing, name="linkage"),
    path("transfer/services", linkage.services, name="services"),
    path("transfer/slips", linkage.slips, name="slips"),
    path("residents/<str:number>/services", linkage.of_person, name="of_person"),
]
