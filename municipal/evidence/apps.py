"""The app of its room (情報連携)."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Asking other offices instead of the applicant, and answering them."""

    name = "municipal.evidence"
    verbose_name = "情報連携"
