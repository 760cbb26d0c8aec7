"""The app of its room (公金)."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Public money: charges, slips, collection, ledger."""

    name = "municipal.payments"
    verbose_name = "公金"

    def ready(self) -> None:
        from . import checks  # noqa: F401
