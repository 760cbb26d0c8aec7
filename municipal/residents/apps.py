"""The app of the resident register (住民基本台帳)."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """The basic resident register."""

    name = "municipal.residents"
    verbose_name = "住民記録"

    def ready(self) -> None:
        """The room of addressees asks the register where residents live (送付先の照会先)."""
        from . import mailing  # noqa: F401
