"""Addresses of the API, version 1 (APIのURL)."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from municipal.identity.access import open_to_all

from . import applications, endpoints, events, money, procedures, refunds, views

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
    path("charges", money.Charges.as_view(), name="api_charges"),
    path("charges/<str:charge>", money.ChargeRead.as_view(), name="api_charge"),
    path("payments", money.Payments.as_view(), name="api_payments"),
    path("payments/<str:payment>", money.PaymentRead.as_view(), name="api_payment"),
    path("refunds", refunds.Refunds.as_view(), name="api_refunds"),
    path("refunds/<str:refund>", refunds.RefundRead.as_view(), name="api_refund"),
    path("payment-events", money.PaymentEvents.as_view(), name="api_payment_events"),
    path("procedures", procedures.Procedures.as_view(), name="api_procedures"),
    path("procedures/<str:procedure>", procedures.ProcedureRead.as_view(), name="api_procedure"),
    path("applications", applications.Applications.as_view(), name="api_applications"),
    path("applications/<str:application>", applications.ApplicationRead.as_view(), name="api_application"),
    path("applications/<str:application>/steps", applications.ApplicationSteps.as_view(), name="api_application_steps"),
    path(
        "applications/<str:application>/files/<uuid:ref>",
        applications.ApplicationFileRead.as_view(),
        name="api_application_file",
    ),
    path("webhook-endpoints", endpoints.Endpoints.as_view(), name="api_webhook_endpoints"),
    path("webhook-endpoints/<str:endpoint>", endpoints.Endpoint.as_view(), name="api_webhook_endpoint"),
    path("webhook-endpoints/<str:endpoint>/disable", endpoints.EndpointDisabled.as_view(), name="api_endpoint_disable"),
    path("schema", open_to_all(SpectacularAPIView.as_view()), name="api_schema"),
]
