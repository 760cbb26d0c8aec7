"""A file of changed addresses: taken in, tried, carried out (住所一括変更; resident-record/1.0#9.7)."""

from datetime import date
from hashlib import sha256

from municipal.audit.operations import operation, record
from municipal.batches.models import AddressChange, AddressChangeRow
from municipal.batches.models.changes import ChangeKind
from municipal.batches.rules import read_changes
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.models import Job

from .running import order_run

KIND = "batches.address_change"


@implements("resident-record/1.0#9.7/m4")
@operation("batches.take_changes")
def take_changes(*, actor: Actor, kind: str, content: bytes, effective_on: date, basis: str) -> AddressChange:
    """Take a file of changes in; nothing of the register changes (変更ファイルの取込み).

    Raises Refused for a line that cannot be read, an unknown kind, a basis that is missing.
    """
    if kind not in ChangeKind.values:
        raise Refused("入力された値を読み取れません。形を確かめてください。", field="kind", code="invalid")
    basis = basis.strip()
    if not basis:
        raise Refused("変更の根拠を入力してください。", field="basis", code="basis_missing")
    refuse_unstorable(basis, 200, "basis")
    rows = read_changes(content, kind)
    change = AddressChange.objects.create(
        kind=kind, effective_on=effective_on, basis=basis, digest=sha256(content).hexdigest(), rows_count=len(rows),
        taken_at=clock.now(),
    )  # fmt: skip
    AddressChangeRow.objects.bulk_create(
        (
            AddressChangeRow(change=change, row=one.row, number=one.number, before=one.before, after=one.after)
            for one in rows
        ),
        batch_size=2000,
    )
    record(actor=actor, code=kind)
    return change


def _locked(number: int) -> AddressChange:
    change = AddressChange.objects.select_for_update().filter(pk=number).first()
    if change is None:
        raise Refused("この一括変更は見つかりません。一覧から選び直してください。", code="not_found")
    if change.final_id is not None:
        raise Refused("この一括変更の本処理は、すでに始まっています。", code="already_final")
    return change


@implements("resident-record/1.0#9.7/m4")
@operation("batches.try_changes")
def order_trial(*, actor: Actor, change: int) -> Job:
    """Order the trial: every row is carried out and taken back, and what stood against it is kept (仮処理)."""
    found = _locked(change)
    job = order_run(actor=actor, kind=KIND, parameters={"change": found.pk}, is_dry_run=True)
    found.trial = job
    found.save(update_fields=["trial"])
    record(actor=actor, code=KIND)
    return job


@implements("resident-record/1.0#9.7/m4")
@operation("batches.carry_out_changes")
def order_final(*, actor: Actor, change: int) -> Job:
    """Order the final run, once, from its day on (本処理).

    Raises Refused before the trial has ended, before the day, and for a change whose final run began.
    """
    found = _locked(change)
    if found.trial is None or found.trial.state != Job.State.DONE:
        raise Refused("先に仮処理を終え、結果を確かめてください。", code="trial_first")
    if clock.today() < found.effective_on:
        raise Refused("実施日になるまで、本処理はできません。", code="before_its_day")
    job = order_run(actor=actor, kind=KIND, parameters={"change": found.pk}, is_dry_run=False)
    found.final = job
    found.save(update_fields=["final"])
    record(actor=actor, code=KIND)
    return job
