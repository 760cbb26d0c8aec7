"""The settings of a town, made when they are first asked for (申請管理の設定)."""

from municipal.core.actors import System
from municipal.intake.models import IntakeSettings

PORTAL = System(name="portal")
"""Acts for the intake where nobody presses a button."""


def settings_of() -> IntakeSettings:
    """How this town asks the portal (設定の照会)."""
    return IntakeSettings.objects.first() or IntakeSettings()


def locked_settings() -> IntakeSettings:
    """The same, nobody else's until the transaction ends (設定の確保)."""
    IntakeSettings.objects.bulk_create([IntakeSettings()], ignore_conflicts=True)
    return IntakeSettings.objects.select_for_update().get()
