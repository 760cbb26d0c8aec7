"""The app of its room (証明・通知)."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates and notices on paper: what is printed, and who was given it."""

    name = "municipal.certificates"
    verbose_name = "証明・通知"
