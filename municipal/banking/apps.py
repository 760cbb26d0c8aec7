"""The app of its room (銀行とのデータ)."""

from django.apps import AppConfig


class BankingConfig(AppConfig):
    """Files to and from banks: direct debit, refunds by transfer."""

    name = "municipal.banking"
    verbose_name = "銀行とのデータ"
