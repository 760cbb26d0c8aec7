"""The app of its room (銀行とのデータ)."""

from django.apps import AppConfig


class BankingConfig(AppConfig):
    """Files to and from banks: direct debit, refunds by transfer."""

    name = "municipal.banking"
    verbose_name = "銀行とのデータ"

    def ready(self) -> None:
        """Slips issued together leave out whoever pays by debit (口座振替の納付義務者)."""
        from . import debits  # noqa: F401
