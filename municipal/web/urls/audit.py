"""Addresses of the audit trail (操作の記録のURL)."""

from django.urls import path

from municipal.web.views import audit, audit_analysis

app_name = "audit"
urlpatterns = [
    path("audit", audit.entries, name="entries"),
    path("audit/analysis", audit_analysis.analysis, name="analysis"),
    path("audit/verify", audit.check, name="verify"),
]
