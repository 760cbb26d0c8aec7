"""Addresses of the pages on which residents pay, and of the provider's webhooks (オンライン納付のURL)."""

from django.urls import path

from municipal.web.views import pay, paying, simulated, webhooks

app_name = "pay"
urlpatterns = [
    path("pay", pay.towns, name="towns"),
    path("pay/webhooks/<str:town>", webhooks.take, name="webhook"),
    path("pay/<str:town>", pay.enter, name="enter"),
    path("pay/<str:town>/forget", pay.forget, name="forget"),
    path("pay/<str:town>/slips/<int:slip>", paying.slip_page, name="slip"),
    path("pay/<str:town>/payments/<uuid:payment>", paying.payment_page, name="payment"),
    path("pay/<str:town>/payments/<uuid:payment>/cancel", paying.cancel_payment, name="cancel"),
    path("pay/<str:town>/payments/<uuid:payment>/receipt", paying.receipt, name="receipt"),
    path("pay/<str:town>/payments/<uuid:payment>/record.pdf", paying.record, name="record"),
    path("pay/<str:town>/simulator/<str:reference>", simulated.provider_page, name="simulator"),
]
