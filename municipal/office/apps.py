"""The app of the office's own machinery (庶務)."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """Outbox, idempotency store, jobs and second-person decisions."""

    name = "municipal.office"
    verbose_name = "庶務"

    def ready(self) -> None:
        """Find every app's receivers and job kinds by the names of their modules, so that no list is kept."""
        import municipal.celery  # noqa: F401

        autodiscover_modules("receivers", "jobs")
