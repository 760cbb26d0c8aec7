"""What stands beside a row of a history: the act it came from, who told it, whether it was cancelled (履歴の異動)."""

from collections.abc import Sequence
from typing import Any

from municipal.batches.models import PaperForm
from municipal.batches.operations.papers import papers_of_events
from municipal.residents.models import Basis, ResidentEvent, ResidentRecord
from municipal.residents.shown import written

from . import people
from .entering import act_title

TOLD = ("notified_on", "notice_on", "applied_on", "requested_on")


def cancelled_among(records: Sequence[ResidentRecord]) -> set[int]:
    """Ids of those acts behind ``records`` that were cancelled, themselves or with the act they complete (取消済み)."""
    events = {record.event for record in records if record.event is not None}
    asked = {event.pk for event in events} | {event.follows_id for event in events if event.follows_id}
    gone = set(ResidentEvent.objects.filter(cancels__in=asked).values_list("cancels_id", flat=True))
    return {event.pk for event in events if event.pk in gone or event.follows_id in gone}


def act_of(record: ResidentRecord, cancelled: set[int], *, may_enter: bool, is_true: bool) -> dict[str, Any]:
    """The act behind one row, and what may be done from here (異動の内容).

    ``is_true``: the row still says what is believed of some days, so an error in it can be corrected.
    """
    event = record.event
    told = next((getattr(record, name) for name in TOLD if getattr(record, name)), None)
    found: dict[str, Any] = {
        "notified_on": written("notified_on", told, kind=record.kind), "may_correct": may_enter and is_true,
        "may_cancel": False, "act": "",
    }  # fmt: skip
    if event is None:
        return found
    is_cancelled = event.pk in cancelled
    return found | {
        "act": act_title(event.act), "event": event.pk, "basis": Basis(event.basis).label,
        "notifier": event.notifier_name, "is_cancelled": is_cancelled, "is_cancellation": event.act == "cancellation",
        "may_cancel": may_enter and not is_cancelled and event.act != "cancellation",
    }  # fmt: skip


def caught_up(records: Sequence[ResidentRecord]) -> dict[int, dict[str, str]]:
    """Which acts behind ``records``, by event, were entered from paper of a day without the system (後入力)."""
    found = papers_of_events(record.event_id for record in records if record.event_id)
    return {event: of_paper(paper) for event, paper in found.items()}


def of_paper(paper: PaperForm) -> dict[str, str]:
    """The number of a paper and when it was taken in at the desk, as a page says it (用紙の番号と受付日時)."""
    return {"number": paper.number, "received_at": people.moment(paper.received_at) if paper.received_at else ""}


def chosen_stay(asked: str, count: int) -> int:
    """Which of ``count`` stays is asked for, from 1; the newest for anything that is none (在住の選択)."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= count else count
