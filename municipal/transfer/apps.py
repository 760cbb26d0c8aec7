"""The app of its room (データの引渡しと受入れ)."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """The register handed over whole and taken in whole."""

    name = "municipal.transfer"
    verbose_name = "データの引渡しと受入れ"
