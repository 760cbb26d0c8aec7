"""The app of the audit (監査)."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what and who was shown whose record."""

    name = "municipal.audit"
    verbose_name = "監査"
