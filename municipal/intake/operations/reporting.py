"""Telling the portal how far an application is, at least once and in the order of the steps (処理状況の登録)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from municipal.applications.models import CaseEvent
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.intake.models import Received, ReportState, StatusReport
from municipal.intake.portal import Portal, Report, portal_of
from municipal.intake.transports import PortalDown
from municipal.intake.words import word_of
from municipal.municipalities import wall

from .settings import PORTAL, settings_of

PAUSES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=2),
)  # fmt: skip
AT_ONCE = 200
SAID_BY_THE_OFFICE = frozenset({"send_back", "refuse_form", "reject", "expire"})
"""Steps whose reason is meant for the applicant."""


def note_steps(case: int) -> int:
    """Note what the portal has to be told of a case since the last time; repeated, nothing (処理状況の用意)."""
    row = Received.objects.select_for_update().filter(case=case).order_by("pk").first()
    if row is None or row.case is None:
        return 0
    last = row.reports.order_by("-number").first()
    said = last.word if last else ""
    state = ReportState.WAITING if settings_of().is_feedback_on else ReportState.HELD
    made = []
    for event in row.case.events.filter(number__gt=last.number if last else 0).order_by("number"):
        word = word_of(row.case.workflow, event.state_to)
        message = _message(event)
        if word is not None and (word.code != said or message):
            made.append(_report(row, event.number, word.code, message, event.at, state))
            said = word.code
    StatusReport.objects.bulk_create(made)
    return len(made)


def _message(event: CaseEvent) -> str:
    return event.reason if event.action in SAID_BY_THE_OFFICE else ""


def _report(row: Received, number: int, word: str, message: str, at: datetime, state: str) -> StatusReport:
    return StatusReport(
        received=row, number=number, word=word, message=message, at=at, state=state, next_at=clock.now()
    )


def report_apart(row: Received, word: str, message: str) -> None:
    """Have the portal told of an application that never became a case: a clerk has decided it (取込み前の登録)."""
    _report(row, 0, word, message, clock.now(), ReportState.WAITING).save()


@operation("intake.release")
def release(*, actor: Actor, received: int) -> int:
    """Have the portal told what waits for a clerk, and once more what it could not be told (登録の指示)."""
    found = StatusReport.objects.filter(received=received, state__in=(ReportState.HELD, ReportState.DEAD))
    count = found.update(state=ReportState.WAITING, attempts=0, next_at=clock.now(), error="")
    record(actor=actor, code=str(count))
    return count


@dataclass(frozen=True)
class _Taken:
    number: int
    receipt: str
    report: Report


def send_reports(town: int, portal: Portal | None = None) -> int:
    """Tell what is due; how many were tried. No transaction is open while the portal is spoken to (処理状況の送信)."""
    who = portal or portal_of(town)
    tried = 0
    while who is not None and tried < AT_ONCE:
        with wall.within(town):
            taken = _take_up()
        if taken is None:
            break
        error = ""
        try:
            who.report(taken.receipt, taken.report)
        except PortalDown as down:
            error = str(down) or "down"
        with wall.within(town):
            _note(taken.number, error)
        tried += 1
    return tried


def _take_up() -> _Taken | None:
    """The next one that is due and has nothing older of the same application before it; its try counts already."""
    older = StatusReport.objects.filter(received=OuterRef("received"), number__lt=OuterRef("number"))
    due = StatusReport.objects.filter(
        ~Exists(older.exclude(state=ReportState.SENT)), state=ReportState.WAITING, next_at__lte=clock.now()
    )
    found = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "pk").first()
    if found is None:
        return None
    found.next_at = clock.now() + PAUSES[min(found.attempts, len(PAUSES) - 1)]
    found.attempts += 1
    found.save(update_fields=["next_at", "attempts"])
    said = Report(found.number, found.word, found.at.astimezone(clock.TOKYO).isoformat(), found.message)
    return _Taken(found.pk, found.received.receipt, said)


def _note(report: int, error: str) -> None:
    found = StatusReport.objects.select_related("received").get(pk=report)
    if found.state != ReportState.WAITING:
        return
    if not error:
        found.state = ReportState.SENT
    elif found.attempts > len(PAUSES):
        found.state = ReportState.DEAD
    found.error = error[:60]
    found.save(update_fields=["state", "error"])
    record(
        actor=PORTAL, act="intake.report", code=found.word if not error else "down",
        subjects=[found.received.person_id] if found.received.person_id else [],
    )  # fmt: skip
