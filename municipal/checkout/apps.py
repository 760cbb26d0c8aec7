"""The app of its room (オンライン納付)."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """Paying online through a provider."""

    name = "municipal.checkout"
    verbose_name = "オンライン納付"
