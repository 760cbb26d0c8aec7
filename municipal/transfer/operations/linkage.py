"""Telling the other systems of the town what changed: at once, or every few minutes (他業務への連携)."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.transfer.manifest import Manifest
from municipal.transfer.models import LinkageSettings

from .handovers import export_residents


def linkage() -> LinkageSettings:
    """The municipality's settings, or the defaults: no linkage (連携の設定)."""
    return LinkageSettings.objects.first() or LinkageSettings()


@implements("resident-record/1.0#7.2.3/m4")
@operation("transfer.change_linkage")
def change_linkage(*, actor: Actor, timing: str, minutes: int) -> LinkageSettings:
    """Choose when changes are told: at once, at an interval of at most ten minutes, or not (連携の設定の変更).

    Raises Refused for a timing that is none, or an interval beyond ten minutes.
    """
    if timing not in LinkageSettings.Timing.values:
        raise Refused("連携のタイミングを選んでください。", field="timing", code="no_timing")
    found = LinkageSettings.objects.select_for_update().first() or LinkageSettings()
    if found.timing == LinkageSettings.Timing.OFF:
        # What happened while nobody was told is in the full files that begin a linkage.
        found.told_until = clock.now()
    found.timing, found.minutes = timing, minutes
    found.save()
    record(actor=actor, fields=["timing", "minutes"])
    return found


def is_due(found: LinkageSettings) -> bool:
    """Whether something was recorded since, and the interval has passed (連携の時期)."""
    if found.timing == LinkageSettings.Timing.OFF or found.told_until is None:
        return False
    is_time = found.timing == LinkageSettings.Timing.AT_ONCE or (
        clock.now() >= found.told_until + timedelta(minutes=found.minutes)
    )
    return is_time and ResidentRecord.objects.filter(recorded_at__gt=found.told_until).exists()


@implements("resident-record/1.0#7.2.3/m1", "resident-record/1.0#7.2.3/m3", "resident-record/1.0#7.2.3/m4")
@operation("transfer.tell_changes")
def tell_changes(*, actor: Actor) -> Manifest:
    """Write what changed since the last file into a folder of its own, support measures with it (異動差分の提供).

    Protected people's addresses stay empty: they leave by an approved hand-over only.
    """
    found = LinkageSettings.objects.select_for_update().get()
    now = clock.now()
    made = export_residents(actor=actor, folder=changes_folder() / f"{now:%Y%m%dT%H%M%S%f}", since=found.told_until)
    found.told_until = made.moment
    found.save(update_fields=["told_until"])
    record(actor=actor, code=made.digest[:16])
    return made


def changes_folder() -> Path:
    """Where other systems fetch the changes of this town (異動差分のフォルダー)."""
    return Path(settings.KIJUN_TRANSFER) / f"{wall.current():06d}" / "changes"
