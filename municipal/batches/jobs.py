"""The runs of this room: lists of what falls due, removals, changed addresses (一括処理)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from municipal.addressees.measures import ending_by
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.office.jobs import Ordering, Progress, RowError, Steps, job, ordered_by
from municipal.office.models import Job
from municipal.residents.acts.renumbering import Renaming
from municipal.residents.acts.standing import newest_periods
from municipal.residents.lateness import late
from municipal.residents.models import ResidentRecord
from municipal.residents.operations import remove_announced, rename_domicile, renumber
from municipal.residents.operations.renumbering import Outcome

from .models import AddressChangeRow, ListedPerson
from .operations.changes import KIND

AT_ONCE, LISTED_AT_ONCE = 100, 1000

Found = tuple[int, date | None, str]


@implements("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m4", "resident-record/1.0#9.1/m6")
@job(KIND)
def address_change(order: Job) -> Steps:
    """Row by row of a file of changes, each all or nothing; what is refused is left out (住所一括変更).

    In steps of AT_ONCE rows, so that the counter waits for a second or two at most; a step is a few statements for all
    its rows. Where a constraint stands against one of them, the step is halved until that one is alone.
    """
    done, after = order.done, int(order.position.get("row", 0))
    change, actor = order.parameters["change"], ordered_by(order)
    total = AddressChangeRow.objects.filter(change=change).count()
    while True:
        waiting = AddressChangeRow.objects.filter(change=change, row__gt=after).select_related("change")
        rows = list(waiting.order_by("row")[:AT_ONCE])
        if not rows:
            return
        errors, outcomes = [], _outcomes(actor, rows)
        for row in rows:
            outcome = outcomes[row.number]
            if isinstance(outcome, Refused):
                row.outcome, row.sentence = AddressChangeRow.Outcome.LEFT_OUT, sentence(outcome)[:500]
                errors.append(RowError(row.row, outcome.field, row.sentence))
            else:
                row.outcome, row.event = AddressChangeRow.Outcome.DONE, outcome
        AddressChangeRow.objects.bulk_update(rows, ["outcome", "sentence", "event"])
        done, after = done + len(rows), rows[-1].row
        yield Progress(done, total, {"row": after}, errors)


def _outcomes(actor: Ordering, rows: list[AddressChangeRow]) -> dict[str, Outcome]:
    """What came of each row, by its number: the event, or why it was left out."""
    change = {"address": renumber, "domicile": rename_domicile}[rows[0].change.kind]
    try:
        asked = {row.number: Renaming(row.before, row.after, row.change.effective_on) for row in rows}
        return change(actor=actor, asked=asked)
    except Refused as refused:
        if len(rows) == 1:
            return {rows[0].number: refused}
        half = len(rows) // 2
        return _outcomes(actor, rows[:half]) | _outcomes(actor, rows[half:])


def _listing(order: Job, found: Iterable[Found]) -> Steps:
    """A list in one piece: people and days are asked at one moment."""
    rows: Iterator[Found] = iter(found)
    done = 0
    while some := list(islice(rows, LISTED_AT_ONCE)):
        ListedPerson.objects.bulk_create(
            ListedPerson(job=order, addressee_id=one, due_on=day, note=note) for one, day, note in some
        )
        done += len(some)
    yield Progress(done, done)


@implements("resident-record/1.0#9.1/m10")
@job("batches.notices_due")
def notices_due(order: Job) -> Steps:
    """Who was told of after the last day, among the acts processed in a month (届出期限を過ぎた届出)."""
    back = int(order.parameters.get("months_back", 1))
    today = clock.today()
    months = today.year * 12 + today.month - 1 - max(0, back)
    found = late(date(months // 12, months % 12 + 1, 1))
    return _listing(order, ((person, one.last_day, one.event.act) for one in found for person in one.event.subjects))


@implements("resident-record/1.0#9.1/m10")
@job("batches.measures_ending")
def measures_ending(order: Job) -> Steps:
    """Whose support measure ends within so many days, and whose has passed its end and still holds (支援措置の終了)."""
    border = clock.today() + timedelta(days=int(order.parameters.get("days_ahead", 31)))
    return _listing(order, ((person, last, "ends_on") for person, last in ending_by(border)))


@implements("resident-record/1.0#9.1/m10")
@job("batches.stays_ending")
def stays_ending(order: Job) -> Steps:
    """Whose period of stay ends within so many days, and whose has ended (在留期間の満了)."""
    border = clock.today() + timedelta(days=int(order.parameters.get("days_ahead", 90)))
    here = newest_periods().filter(is_registered=True).values("record")
    rows = ResidentRecord.objects.filter(pk__in=here, stay_expires_on__lte=border)
    found = rows.order_by("stay_expires_on", "addressee").values_list("addressee", "stay_expires_on")
    return _listing(order, ((person, day, "stay_expires_on") for person, day in found))


@implements("resident-record/1.0#9.1/m10")
@job("batches.remove_announced")
def removals(order: Job) -> Steps:
    """Remove everybody whose announced day of leaving has come (転出予定日の到来による消除)."""
    events = remove_announced(actor=ordered_by(order))
    yield from _listing(order, ((person, None, one.act) for one in events for person in one.subjects))
