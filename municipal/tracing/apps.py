"""The app of its room (追跡表)."""

from django.apps import AppConfig


class TracingConfig(AppConfig):
    """Which sentence of the standard is proved by what, and what no standard asks for."""

    name = "municipal.tracing"
    verbose_name = "追跡表"
