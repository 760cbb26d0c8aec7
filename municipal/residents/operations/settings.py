"""What a municipality decides about its register (台帳の設定)."""

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.residents.models import RegisterSettings


def settings() -> RegisterSettings:
    """The settings of the open municipality, or the defaults (設定)."""
    return RegisterSettings.objects.first() or RegisterSettings()


@operation("residents.change_settings")
def change_settings(*, actor: Actor, may_decide_own: bool, lease_minutes: int) -> RegisterSettings:
    """Say whether the same clerk may decide, and how long an entry may stay open (設定の変更)."""
    row = RegisterSettings.objects.select_for_update().first() or RegisterSettings()
    row.may_decide_own, row.lease_minutes = may_decide_own, lease_minutes
    row.save()
    record(actor=actor, fields=["may_decide_own", "lease_minutes"])
    return row
