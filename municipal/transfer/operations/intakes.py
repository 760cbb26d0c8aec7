"""Taking files in, in three steps that each commit whole: begun, checked, loaded (受入れの操作)."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db import IntegrityError, connections, transaction
from django.utils.translation import gettext as translated
from django.utils.translation import override

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.inspections.inputs import handed_over
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.transfer.faults import ONLY_TOLD, SENTENCES, Fault
from municipal.transfer.manifest import NAME
from municipal.transfer.models import Intake, IntakeFault
from municipal.transfer.receiving import Incoming, stage
from municipal.transfer.staging import cursor
from municipal.transfer.taking_in import take_in

from .numbering import next_number

INTAKE = "transfer.intake"
"""The kind of the job that takes files in (受入れの一括処理)."""


def folder_word(name: str) -> str:
    """A folder as a job's parameters may name it: machine words only (フォルダーの記号)."""
    return sha256(name.encode()).hexdigest()[:32]


@operation("transfer.order_intake")
def order_intake(*, actor: Actor, folder: str, is_dry_run: bool) -> Job:
    """Have a folder of the hand-over place taken in by a worker after the commit (受入れの依頼).

    Raises Refused where it is not there.
    """
    if folder not in handed_over(wall.current()):
        raise Refused(
            "この受渡しフォルダーは見つかりません。画面を開き直して選んでください。", field="folder", code="no_folder"
        )
    job = order_job(actor=actor, kind=INTAKE, parameters={"folder": folder_word(folder), "dry": is_dry_run})
    record(actor=actor, code=f"{job.pk}")
    return job


@operation("transfer.begin_intake")
def begin_intake(
    *, actor: Actor, source: str, digest: str, is_dry_run: bool = False, job_id: int | None = None
) -> Intake:
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


@operation("transfer.load_intake")
def load_intake(*, actor: Actor, intake: Intake, incoming: Incoming) -> Intake:
    """Stage every row, ask the database, and write all of it into the register or nothing (受入れの登録).

    A trial goes through every constraint and is undone. Raises Refused where the intake is not one that waits.
    """
    locked = Intake.objects.select_for_update().get(pk=intake.pk)
    if locked.state != Intake.State.CHECKED:
        raise Refused("この受入れはすでに終わっています。一覧を更新して確認してください。", code="already_ended")
    missing = _missing_before(incoming)
    found, counts, written = (missing, {}, {}) if missing else _loaded(incoming, is_dry_run=locked.is_dry_run)
    _note(locked, found, counts=counts, written=written)
    if not found:
        locked.ended_at = clock.now()
        if not locked.is_dry_run:
            locked.state = Intake.State.LOADED
            locked.moment = incoming.manifest.moment if incoming.manifest else None
        locked.save()
    record(actor=actor, code=f"{locked.number} {locked.state}")
    return locked


def _missing_before(incoming: Incoming) -> list[Fault]:
    """A differential stands on what was taken in before: something that reaches to where it begins."""
    since = incoming.manifest.since if incoming.manifest else None
    if since is None or Intake.objects.filter(state=Intake.State.LOADED, moment__gte=since).exists():
        return []
    return [Fault(NAME, 0, "", "IN-0024")]


def _loaded(incoming: Incoming, *, is_dry_run: bool) -> tuple[list[Fault], dict[str, int], dict[str, int]]:
    """What stands against the rows, the rows by file, and what was written by part."""
    using = wall.opening().using
    # The driver's own cursor: its errors become Django's here.
    with connections[using].wrap_database_errors:
        found, counts = stage(incoming)
    if found:
        return found, counts, {}
    try:
        with transaction.atomic(using=using), connections[using].wrap_database_errors:
            written = take_in(cursor())
            connections[using].check_constraints()
            transaction.set_rollback(is_dry_run, using=using)
    except IntegrityError as error:
        return [_unforeseen(error)], counts, {}
    return [], counts, written


def _unforeseen(error: IntegrityError) -> Fault:
    """A constraint that only the writing met: its sentence; the row is not known."""
    refused = refusal_of(error)
    if refused is None:
        raise error
    return Fault("", 0, "", "IN-0010", refused.sentence)
