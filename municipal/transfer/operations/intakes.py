"""Taking files in, in three steps that each commit whole: begun, checked, loaded (受入れの操作)."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import override
from django.utils.translation import gettext as translated

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of

from ..faults import ONLY_TOLD, SENTENCES, Fault
from ..models import Intake, IntakeFault
from ..receiving import Incoming, stage
from ..staging import cursor
from ..taking_in import take_in
from .numbering import next_number


@operation("transfer.begin_intake")
def begin_intake(*, actor: Actor, source: str, digest: str, is_dry_run: bool = False, job_id: int | None = None) -> Intake:
    """Begin to take in files, or find the intake of the same files that was cut short or has ended (受入れの開始).

    ``digest``: over the files and the mapping.
    """
    same = Intake.objects.filter(digest=digest, is_dry_run=is_dry_run).exclude(state=Intake.State.REFUSED)
    found = same.order_by("-number").first()
    if found is None or (found.is_dry_run and found.ended_at):
        found = Intake.objects.create(
            number=next_number(Intake), source=source[:255], digest=digest, is_dry_run=is_dry_run,
            actor_kind=actor.actor_kind, actor_id=actor.actor_id, begun_at=clock.now(), job_id=job_id,
        )  # fmt: skip
    record(actor=actor, code=f"{found.number} {found.state}")
    return found


@operation("transfer.note_checked")
def note_checked(*, actor: Actor, intake: Intake, faults: Sequence[Fault]) -> Intake:
    """Note what the checks of the files found; a fault ends the intake (検査結果の記録)."""
    _note(intake, faults)
    record(actor=actor, code=f"{intake.number} {intake.state}")
    return intake


def _note(intake: Intake, faults: Iterable[Fault], **counts: object) -> None:
    kept = sorted(set(faults))
    IntakeFault.objects.bulk_create(
        IntakeFault(
            intake=intake, file=one.file[:255], row=one.row, item=one.item[:100], code=one.code,
            sentence=one.said[:500], sentence_en=_in_english(one)[:800], is_note=one.code in ONLY_TOLD,
        )
        for one in kept
    )  # fmt: skip
    grave = sum(one.code not in ONLY_TOLD for one in kept)
    intake.faults, intake.notes = intake.faults + grave, intake.notes + len(kept) - grave
    for name, value in counts.items():
        setattr(intake, name, value)
    if grave:
        intake.state, intake.ended_at = Intake.State.REFUSED, clock.now()
    elif intake.state == Intake.State.BEGUN:
        intake.state = Intake.State.CHECKED
    intake.save()


def _in_english(fault: Fault) -> str:
    with override("en"):
        return translated(fault.sentence or SENTENCES[fault.code]) % dict(fault.values)


@implements("resident-record/1.0#10.6/m1")
@operation("transfer.load_intake")
def load_intake(*, actor: Actor, intake: Intake, incoming: Incoming) -> Intake:
    """Stage every row, ask the database, and write all of it into the register or nothing (受入れの登録).

    A trial goes through every constraint and is undone. Raises Refused where the intake is not one that waits.
    """
    locked = Intake.objects.select_for_update().get(pk=intake.pk)
    if locked.state != Intake.State.CHECKED:
        raise Refused("この受入れはすでに終わっています。一覧を更新して確認してください。", code="already_ended")
    found, counts = stage(incoming)
    written: dict[str, int] = {}
    if not found:
        try:
            with transaction.atomic(using=wall.opening().using):
                written = take_in(cursor())
                if locked.is_dry_run:
                    transaction.set_rollback(True, using=wall.opening().using)
        except IntegrityError as error:
            found = [_unforeseen(error)]
            written = {}
    _note(locked, found, counts=counts, written=written)
    if not found:
        locked.ended_at = clock.now()
        if not locked.is_dry_run:
            locked.state = Intake.State.LOADED
        locked.save()
    record(actor=actor, code=f"{locked.number} {locked.state}")
    return locked


def _unforeseen(error: IntegrityError) -> Fault:
    """A constraint that only the writing met: its sentence; the row is not known."""
    refused = refusal_of(error)
    if refused is None:
        raise error
    return Fault("", 0, "", "IN-0010", refused.sentence)
