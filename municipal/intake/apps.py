"""The app of its room (申請管理)."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Applications that come from the national portal."""

    name = "municipal.intake"
    verbose_name = "申請管理"
