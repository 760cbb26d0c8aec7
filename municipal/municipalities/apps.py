"""The app of municipalities (自治体)."""

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    """Registers the checks that must hold before anything is served."""

    name = "municipal.municipalities"
    verbose_name = "自治体"

    def ready(self) -> None:
        from . import checks  # noqa: F401
