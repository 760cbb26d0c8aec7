"""What a municipality decides about asking other offices (情報連携の設定)."""

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.models import EvidenceSettings


def settings() -> EvidenceSettings:
    """The settings of the open municipality, or the defaults (設定)."""
    return EvidenceSettings.objects.first() or EvidenceSettings()


@operation("evidence.change_settings")
def change_settings(*, actor: Actor, asks_automatically: bool, patience_days: int) -> EvidenceSettings:
    """Say whether it is asked right after the form check, and how long an answer is waited for (設定の変更)."""
    if not 1 <= patience_days <= 60:
        raise Refused("待つ日数は1日から60日までです。", field="patience_days", code="invalid")
    row = EvidenceSettings.objects.select_for_update().first() or EvidenceSettings()
    row.asks_automatically, row.patience_days = asks_automatically, patience_days
    row.save()
    record(actor=actor, fields=["asks_automatically", "patience_days"])
    return row
