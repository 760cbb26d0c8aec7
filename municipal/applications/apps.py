"""The app of its room (オンライン申請)."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Drafts and cases of applications."""

    name = "municipal.applications"
    verbose_name = "オンライン申請"
