"""The app of its room (住所辞書と証明者)."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places: addresses, buildings, counters, certifying officers."""

    name = "municipal.places"
    verbose_name = "住所辞書と証明者"
