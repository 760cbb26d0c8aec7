"""Addresses of the API, version 1 (APIのURL)."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from municipal.identity.access import open_to_all

from . import events, views

urlpatterns = [
    path("residents", views.Residents.as_view(), name="api_residents"),
    path("residents/<str:number>", views.Resident.as_view(), name="api_resident"),
    path("residents/<str:number>/as-of", views.ResidentAsOf.as_view(), name="api_resident_as_of"),
    path("residents/<str:number>/history", views.ResidentHistory.as_view(), name="api_resident_history"),
    path("residents/<str:number>/events", events.ResidentEvents.as_view(), name="api_resident_events"),
    path("events", events.Entries.as_view(), name="api_entries"),
    path("events/<int:entry>", events.Entry.as_view(), name="api_entry"),
    path("events/<int:entry>/decide", events.Decision.as_view(), name="api_entry_decide"),
    path("events/<int:entry>/return", events.Return.as_view(), name="api_entry_return"),
    path("events/<int:entry>/withdraw", events.Withdrawal.as_view(), name="api_entry_withdraw"),
    path("households/<str:number>", views.HouseholdMembers.as_view(), name="api_household"),
    path("schema", open_to_all(SpectacularAPIView.as_view()), name="api_schema"),
]
