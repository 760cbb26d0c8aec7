"""The app of its room (オンライン納付)."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """Paying online through a provider."""

    name = "municipal.checkout"
    verbose_name = "オンライン納付"

    def ready(self) -> None:
        """The bank leaves out what the provider pays back (支払サービスによる還付)."""
        from .operations import refunding  # noqa: F401
