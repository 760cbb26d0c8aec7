"""The app of staff accounts (職員)."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Accounts, sessions and permissions of staff, all behind the wall (職員と権限)."""

    name = "municipal.identity"
    verbose_name = "職員と権限"
