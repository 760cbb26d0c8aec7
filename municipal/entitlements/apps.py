"""The app of its room (受給資格)."""

from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """Entitlements, their endings, assessment files."""

    name = "municipal.entitlements"
    verbose_name = "受給資格"
