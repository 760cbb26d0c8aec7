"""The app of its room (手続カタログ)."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """What can be applied for."""

    name = "municipal.procedures"
    verbose_name = "手続カタログ"
