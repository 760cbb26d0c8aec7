"""Cancelling an act: history grows, and the state before it holds again (異動の取消し; resident-record/1.0#4.6.0.1)."""

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice

from .plan import Plan, act
from .restoring import put_back, rested_on, restored
from .timing import timing

ONE_WITH_ITS_ORIGIN = frozenset({"removal_of_announced"})
"""Acts of the system that only complete another one: whoever chooses them means the other."""


@implements(
    "resident-record/1.0#4.6.0.1/m1", "resident-record/1.0#4.6.0.1/m2", "resident-record/1.0#4.6.0.1/m4",
    "resident-record/1.0#4.6.0.1/m6", "resident-record/1.0#4.6.0.1/m7", "resident-record/1.0#4.6.0.1/m8",
    "resident-record/1.0#4.6.0.1/m9",
)  # fmt: skip
@act("cancellation", "異動の取消し")
def cancellation(notice: Notice) -> Plan:
    """Everybody whom an act touched is again what they were before it (異動の取消し).

    Acts that complete it (the removal of an announced move-out, the arrival notice) are cancelled with it; an arrival
    notice can also be cancelled alone. Raises Refused for an act that is cancelled, is a cancellation, or that a later
    act rests on: that one must go first.
    """
    when, plan = timing(notice), Plan()
    plan.cancels = _cancellable(notice.cancels)
    rows = _rows(plan.cancels)
    for own in _by_person(rows).values():
        _refuse_rested_on(own)
        plan.changes += restored(own, when)
    put_back(plan, when)
    return plan


def _cancellable(number: int | None) -> ResidentEvent:
    event = ResidentEvent.objects.filter(pk=number).first() if number else None
    if event is None:
        raise Refused("取り消す異動を履歴から選んでください。", field="cancels", code="no_such_event")
    if event.cancels_id:
        raise Refused(
            "取消しは取り消せません。正しい異動をもう一度入力してください。", field="cancels", code="is_cancellation"
        )
    if event.follows_id and event.act in ONE_WITH_ITS_ORIGIN:
        return _cancellable(event.follows_id)
    if event.cancellations.exists():
        raise Refused("この異動はすでに取り消されています。", field="cancels", code="already_cancelled")
    return event


def _rows(event: ResidentEvent) -> list[ResidentRecord]:
    """The rows of the act and of those that complete it, person by person in the order of recording."""
    unit = [event.pk, *event.followers.values_list("pk", flat=True)]
    rows = ResidentRecord.objects.filter(event__in=unit).select_related("addressee", "household", "event")
    return list(rows.order_by("addressee", "serial"))


def _by_person(rows: list[ResidentRecord]) -> dict[int, list[ResidentRecord]]:
    found: dict[int, list[ResidentRecord]] = {}
    for row in rows:
        found.setdefault(row.addressee_id, []).append(row)
    return found


def _refuse_rested_on(rows: list[ResidentRecord]) -> None:
    """After the first of ``rows``, one person's, stands no row of another act.

    Acts that are cancelled, what completed them and their cancellations do not count.
    """
    later = ResidentRecord.objects.filter(
        addressee=rows[0].addressee, serial__gt=rows[0].serial, event__cancels=None, event__cancellations=None,
        event__follows__cancellations=None,
    )  # fmt: skip
    standing = later.exclude(pk__in=[row.pk for row in rows]).order_by("-serial").first()
    if standing is not None:
        raise rested_on(standing)
