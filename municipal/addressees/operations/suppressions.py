"""Suppressing, lifting, letting through for some minutes: three acts with three permissions (抑止・解除・一時解除).

Setting and lifting are told to other systems through the outbox; a temporary release is not, so that nobody takes it
for the end of a suppression.
"""

from datetime import date, timedelta

from municipal.addressees.models import Addressee, Level, Process, Suppression, SuppressionSettings, TemporaryRelease
from municipal.addressees.rules import rests_on_a_request_to_refuse_changes
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.outbox import emit

TOPIC = "addressees.suppression"
LONGEST_REASON = 100


@implements("resident-record/1.0#3.1/m1", "resident-record/1.0#3.1/m2", "resident-record/1.0#3.5/n1")
@operation("suppressions.suppress")
def suppress(
    *, actor: Actor, addressee: Addressee | None = None, household_number: str = "", process: str, level: str,
    reason: str, starts_on: date, ends_on: date | None = None,
) -> Suppression:  # fmt: skip
    """Hold one process back for a person or a whole household from ``starts_on`` on (抑止の設定).

    Raises Refused without a reason, for a request to refuse changes, and for a process or level that is none.
    """
    because = _reason(reason)
    if rests_on_a_request_to_refuse_changes(because):
        raise Refused("住民異動の不受理の申請による抑止は設定できません。", field="reason", code="not_accepted")
    if process not in Process.values or level not in Level.values:
        raise Refused("処理と段階を一覧から選んでください。", field="process", code="no_such_process")
    made = Suppression.objects.create(
        addressee=addressee, household_number=household_number, process=process, level=level, reason=because,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    _tell(actor, made, "set")
    return made


@implements("resident-record/1.0#3.1/m1", "resident-record/1.0#3.1/m7")
@operation("suppressions.lift")
def lift_suppression(*, actor: Actor, suppression: int) -> Suppression:
    """End a suppression today; nothing else does (抑止の解除). Raises Refused where it is none or lifted."""
    found = Suppression.objects.select_for_update().filter(pk=suppression, lifted_on__isnull=True).first()
    if found is None:
        raise Refused("解除できる抑止がありません。一覧を更新して確認してください。", code="not_suppressed")
    found.lifted_on = clock.today()
    found.save(update_fields=["lifted_on"])
    _tell(actor, found, "lifted")
    return found


@implements("resident-record/1.0#3.2/m1", "resident-record/1.0#3.1/m11")
def _tell(actor: Actor, found: Suppression, what: str) -> None:
    """The audit, and every system that receives the topic: the addressee system, convenience stores, the CS (連携)."""
    subjects = [found.addressee_id] if found.addressee_id else []
    record(actor=actor, subjects=subjects, fields=["process", "level", "starts_on", "ends_on", "lifted_on"])
    emit(topic=TOPIC, subjects=subjects, payload={"suppression": found.pk, "process": found.process, "state": what})


@implements("resident-record/1.0#3.1/m3", "resident-record/1.0#3.1/m4", "resident-record/1.0#3.4/m3")
@operation("suppressions.release")
def release_temporarily(*, actor: Actor, addressee: Addressee, process: str, reason: str) -> TemporaryRelease:
    """Let one process through for one person for the minutes that the municipality set (一時解除).

    It ends by itself and is told to no other system. Raises Refused without a reason or for a process that is none.
    """
    because = _reason(reason)
    if process not in Process.values:
        raise Refused("処理と段階を一覧から選んでください。", field="process", code="no_such_process")
    now = clock.now()
    made = TemporaryRelease.objects.create(
        addressee=addressee, process=process, reason=because, released_by_kind=actor.actor_kind,
        released_by_id=actor.actor_id, released_at=now, until=now + timedelta(minutes=release_minutes()),
    )  # fmt: skip
    record(actor=actor, subjects=[addressee.pk], fields=["process", "until"], code=process)
    return made


def release_minutes() -> int:
    """How many minutes a temporary release lasts here (抑止に戻るまでの時間)."""
    return (SuppressionSettings.objects.first() or SuppressionSettings()).release_minutes


@implements("resident-record/1.0#3.1/m6")
@operation("suppressions.change_release_minutes")
def change_release_minutes(*, actor: Actor, minutes: int) -> SuppressionSettings:
    """Set how many minutes a temporary release lasts from now on (一時解除の時間の設定)."""
    row = SuppressionSettings.objects.select_for_update().first() or SuppressionSettings()
    row.release_minutes = minutes
    row.save()
    record(actor=actor, fields=["release_minutes"])
    return row


def _reason(text: str) -> str:
    because = text.strip()
    if not because:
        raise Refused("理由を入力してください。", field="reason", code="reason_missing")
    refuse_unstorable(because, LONGEST_REASON, "reason")
    return because
