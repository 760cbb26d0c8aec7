"""Slips, demands and interest of many at once, in the background (公金の一括処理)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.office.jobs import Progress, RowError, Steps, job, ordered_by
from municipal.office.models import Job

from .arrears import CHARGES, debts, is_interest_open
from .assessments import judge
from .files import BadLine
from .models import Charge, Match, ReceivedFile, SlipRun
from .operations import assess_file, take_in
from .operations.assessing import ASSESS_FILE
from .operations.demands import KIND as DEMAND
from .operations.demands import demand
from .operations.interest import KIND as INTEREST
from .operations.interest import charge_interest
from .operations.receiving import TAKE_IN
from .operations.runs import PRINT, RUN_CHARGES, issue_in_run, note_counter_slips
from .ordering import charges_of
from .outcomes import BAD, REPEATED
from .overdue import paid_late, to_be_demanded
from .printing import COUNTER, MAIL, Printing, in_groups, place_of
from .rules.print_order import in_parts

logger = logging.getLogger(__name__)

AT_ONCE = 3_000
LETTERS_AT_ONCE = 200
LOOKED_AT = 100
DISK_FULL = _(
    "納付書のファイルを書き込めませんでした。途中のファイルは残っていません。保存先の空き容量を確かめて、もう一度印刷してください。"
)
NOTHING_OWED = _("未納の調定がなかったため、納付書は発行されませんでした。")
LETTERS_LACK = _("書体にない文字を■で印刷しました。外字を確かめてください。")
PRINTING = "printing"
"""Stands in a job's position from when every slip is issued."""


@job(RUN_CHARGES)
def run_charges(job: Job) -> Steps:
    """Issue slips part by part, each committed, then print; killed anywhere, it goes on there (納付書の一括発行)."""
    run = SlipRun.objects.get(job=job)
    if not job.position.get(PRINTING):
        yield from _issue(job, run)
    yield from _print(job, run)


@job(PRINT)
def print_again(job: Job) -> Steps:
    """Print the files of a run once more, from the slips as they are (一括発行の再印刷)."""
    yield from _print(job, SlipRun.objects.get(pk=job.parameters["run"]))


def _issue(job: Job, run: SlipRun) -> Iterator[Progress]:
    wanted, done = charges_of(run), run.lines.count()
    total = done + len(wanted)
    for part in in_parts(wanted, AT_ONCE):
        issue_in_run(actor=ordered_by(job), run=run, charges=part)
        done += len(part)
        yield Progress(done=done, total=total)


def _print(job: Job, run: SlipRun) -> Iterator[Progress]:
    position, done, total = {PRINTING: 1}, 0, run.lines.count()
    if not total:
        yield Progress(done=0, position=position, errors=[RowError(0, "fee", NOTHING_OWED)])
        return
    yield Progress(done=0, total=total, position=position)
    try:
        with Printing(run, {part: place_of(run, part) for part in (MAIL, COUNTER)}) as printing:
            for slips in in_groups(run):
                if kept := printing.add(slips):
                    note_counter_slips(actor=ordered_by(job), run=run, slips=kept)
                done += len(slips)
                yield Progress(done=done, total=total, position=position)
            printing.finish()
    except OSError:
        logger.exception("The slips of run %s could not be written", run.pk)
        yield Progress(done=done, total=total, position=position, errors=[RowError(0, "file", DISK_FULL)])
        return
    if printing.missing:
        yield Progress(done=done, total=total, position=position, errors=[RowError(0, "letters", LETTERS_LACK)])


@job(DEMAND)
def demand_overdue(job: Job) -> Steps:
    """Demand what is overdue, some hundred charges at a time; what is refused is named and left out (督促状の作成)."""
    due_through, fee = date.fromisoformat(job.parameters["due_through"]), job.parameters.get("fee", "")
    for before, after, charges in _portions(job, to_be_demanded(due_through, fee=fee, after=_place(job))):
        errors = _each(charges, before, lambda some: demand(actor=ordered_by(job), charges=some, job=job))
        yield replace(after, errors=errors)


@job(INTEREST)
def charge_known_interest(job: Job) -> Steps:
    """Charge every interest that is known, and put right what has changed (延滞金の一括調定)."""
    for before, after, charges in _portions(job, paid_late(after=_place(job))):
        errors = []
        for at, debt in enumerate(debts(charges, clock.today())):
            if is_interest_open(debt):
                errors += _each(
                    [debt.charge], before + at, lambda some: charge_interest(actor=ordered_by(job), charge=some[0])
                )
        yield replace(after, errors=errors)


def _place(job: Job) -> int:
    return int(job.position.get("charge", 0))


def _portions(job: Job, wanted: QuerySet[Charge]) -> Iterator[tuple[int, Progress, list[Charge]]]:
    """Charges some hundred at a time, with how many came before and how far the job is after them.

    Their ids are asked once: in order and by the hundred, the database would look through everything each time.
    """
    ids, done = sorted(wanted.order_by().values_list("pk", flat=True)), job.done
    total = done + len(ids)
    for start in range(0, len(ids), LETTERS_AT_ONCE):
        part = ids[start : start + LETTERS_AT_ONCE]
        before, done = done, done + len(part)
        charges = list(Charge.objects.filter(pk__in=part).select_related(*CHARGES).order_by("pk"))
        yield before, Progress(done, total, {"charge": part[-1]}), charges


def _each(charges: list[Charge], before: int, act: Callable[[list[Charge]], object]) -> list[RowError]:
    """All at once; where one is refused, half by half until that one is alone."""
    try:
        act(charges)
    except Refused as refused:
        if len(charges) == 1:
            return [RowError(before + 1, refused.field, sentence(refused))]
        half = len(charges) // 2
        return [*_each(charges[:half], before, act), *_each(charges[half:], before + half, act)]
    return []


@job(ASSESS_FILE)
def assess_in_job(job: Job) -> Steps:
    """Judge every line of a file, then charge all of them at once; a trial stops before that (賦課データの取込み).

    Killed while it charges, it has charged nothing, and the next worker judges and charges anew.
    """
    data = bytes(ReceivedFile.objects.get(pk=job.parameters["file"]).content)
    bad, position = 0, job.position
    for judged in judge(data):
        bad, position = bad + len(judged.errors), judged.position()
        # What an earlier worker noted already is not noted again.
        if judged.rows > job.position.get("rows", 0):
            yield Progress(judged.rows, judged.total, position, [_row_error(one) for one in judged.errors])
    if bad or job.is_dry_run:
        return
    try:
        count = assess_file(actor=ordered_by(job), data=data)
    except Refused as refused:
        # Somebody registered the same meanwhile: the whole file is refused, by the promise of the table.
        yield Progress(0, position=position, errors=[RowError(0, refused.field, refused.sentence % refused.values)])
        return
    yield Progress(count, count, position)


def _row_error(bad: BadLine) -> RowError:
    return RowError(bad.line, bad.field, bad.sentence)


@job(TAKE_IN)
def take_in_file(job: Job) -> Steps:
    """Book a file of reports in one step, all or nothing; its bad lines are the job's errors (収納データの取込み).

    The progress keeps what a trial leaves behind: how many lines came to which result, and the first that want a look.
    """
    file = ReceivedFile.objects.get(pk=job.parameters["file"])
    try:
        taken = take_in(actor=ordered_by(job), name=file.name, data=bytes(file.content))
    except Refused as refused:
        yield Progress(0, errors=[RowError(0, refused.field, sentence(refused))])
        return
    plain = {Match.MATCHED, Match.NOTED, REPEATED, BAD}
    counts = {**taken.by_match, REPEATED: taken.repeated, BAD: len(taken.bad)}
    position = {
        "by_match": counts, "yen": sum(row.yen for row in taken.rows),
        "look_at": [row[:4] for row in taken.rows if row.result not in plain][:LOOKED_AT],
    }  # fmt: skip
    yield Progress(len(taken.rows), len(taken.rows), position, [_row_error(one) for one in taken.bad])
