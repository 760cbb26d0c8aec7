"""The app of its room (統計)."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Statistics: what the register counts for the public."""

    name = "municipal.statistics"
    verbose_name = "統計"
