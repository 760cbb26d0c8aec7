"""Addresses of the audit trail (操作の記録のURL)."""

from django.urls import path

from municipal.web.views import audit

app_name = "audit"
urlpatterns = [
    path("audit", audit.entries, name="entries"),
    path("audit/verify", audit.check, name="verify"),
]
