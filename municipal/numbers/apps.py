"""The app of its room (個人番号)."""

from django.apps import AppConfig


class IndividualNumbersConfig(AppConfig):
    """Individual numbers, encrypted, shown only for what the law allows."""

    name = "municipal.numbers"
    verbose_name = "個人番号"
