"""Ordering slips for everybody who owes a fee, issuing them in parts, printing (納付書の一括発行)."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.payments.fees import fee as fee_of
from municipal.payments.models import Charge, CounterSlip, PrintOrder, RunSlip, Slip, SlipRun
from municipal.payments.ordering import without_a_slip

from .slips import issue_slips, refuse_past

RUN_CHARGES, PRINT = "payments.run_charges", "payments.print_slips"
LATEST_PERIOD = 99


@operation("payments.order_slip_run")
def order_slip_run(
    *, actor: Actor, fee: str, levy_year: int, periods: Collection[int] = (), order: str = PrintOrder.NUMBER,
    pay_until: date | None = None,
) -> SlipRun:  # fmt: skip
    """Have a worker issue and print slips for all of a fee and year that have none yet (納付書の一括発行の依頼).

    ``periods``: only these instalments. Raises Refused for an unknown fee, order or instalment, a last day in the past,
    and where nothing is without a slip.
    """
    fee_of(fee)
    refuse_past(pay_until)
    if order not in PrintOrder:
        raise Refused("印刷順を一覧から選んでください。", field="order", code="invalid")
    if any(not 1 <= period <= LATEST_PERIOD for period in periods):
        raise Refused("期別は1から99までの数で入力してください。", field="periods", code="invalid")
    if not without_a_slip(fee, levy_year, periods):
        raise Refused(
            "この料金と年度には、納付書をまだ発行していない調定がありません。調定を確かめてください。",
            field="fee", code="nothing_to_do",
        )  # fmt: skip
    job = order_job(actor=actor, kind=RUN_CHARGES, parameters={"fee": fee, "year": levy_year})
    made = SlipRun.objects.create(
        fee=fee, levy_year=levy_year, periods=sorted(set(periods)), order=order, pay_until=pay_until, job=job,
        ordered_at=clock.now(),
    )  # fmt: skip
    record(actor=actor, code=fee)
    return made


@operation("payments.issue_in_run")
def issue_in_run(*, actor: Actor, run: SlipRun, charges: Sequence[int]) -> list[Slip]:
    """One part of a run: slips for ``charges`` (ids, in print order) behind those that it has (一括発行の一区切り)."""
    by_id = Charge.objects.select_related("assessment").in_bulk(list(charges))
    made = issue_slips(actor=actor, charges=[by_id[charge] for charge in charges], pay_until=run.pay_until)
    last = RunSlip.objects.filter(run=run).count()
    RunSlip.objects.bulk_create(
        RunSlip(run=run, slip=slip, position=position) for position, slip in enumerate(made, start=last + 1)
    )
    return made


@operation("payments.note_counter_slips")
def note_counter_slips(*, actor: Actor, run: SlipRun, slips: Sequence[Slip]) -> None:
    """Note which slips were printed without an address, to be handed over; twice is once (窓口渡しの記録)."""
    now = clock.now()
    CounterSlip.objects.bulk_create(
        [CounterSlip(run=run, slip=slip, noted_at=now) for slip in slips], ignore_conflicts=True
    )
    record(actor=actor, subjects=sorted({slip.charge.assessment.payer_id for slip in slips}))


@operation("payments.print_run_again")
def print_run_again(*, actor: Actor, run: SlipRun) -> Job:
    """Have a worker print the file of a run once more (一括発行の再印刷). Raises Refused while it is being made."""
    if running_job(run):
        raise Refused("この一括発行は処理中です。終わってから印刷し直してください。", code="conflict")
    made = order_job(actor=actor, kind=PRINT, parameters={"run": run.pk})
    record(actor=actor, code=run.fee)
    return made


def jobs_of(run: SlipRun) -> list[Job]:
    """The run's own job and those that printed it again, the newest first (一括発行の処理)."""
    return list(Job.objects.filter(Q(pk=run.job_id) | Q(kind=PRINT, parameters__run=run.pk)).order_by("-pk"))


def running_job(run: SlipRun) -> Job | None:
    """The job that is at the run now, or waits for a worker (処理中の一括処理)."""
    at_work = (Job.State.WAITING, Job.State.RUNNING)
    return next((job for job in jobs_of(run) if job.state in at_work), None)
