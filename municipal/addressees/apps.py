"""The app of addressees (宛名)."""

from django.apps import AppConfig


class AddresseesConfig(AppConfig):
    """Everybody a municipality writes to."""

    name = "municipal.addressees"
    verbose_name = "宛名"
