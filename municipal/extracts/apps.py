"""The app of its room (EUC・抽出)."""

from django.apps import AppConfig


class ExtractsConfig(AppConfig):
    """Extracts by staff in the standard's own item names."""

    name = "municipal.extracts"
    verbose_name = "EUC・抽出"
