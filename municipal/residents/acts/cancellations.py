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
    "resident-record/1.0#4.6.0.1/m1", "resident-record/1.0#4.6.0.1/m2", "resident-record/1.0#4.6.0.1/m3",
    "resident-record/1.0#4.6.0.1/m4", "resident-record/1.0#4.6.0.1/m6", "resident-record/1.0#4.6.0.1/m7",
    "resident-record/1.0#4.6.0.1/m8", "resident-record/1.0#4.6.0.1/m9",
)  # fmt: skip
@act("cancellation", "異動の取消し")
def cancellation(notice: Notice) -> Plan:
    """Everybody whom an act touched is again what they were before it (異動の取消し).

    Acts that complete it (the removal of an announced move-out, the arrival notice) are cancelled with it; an arrival
    notice can also be cancelled alone. Raises Refused for an act that is cancelled, is a cancellation, or that a later
    act rests on: that one must go first. ``notice.people``: whom it is cancelled for, all where none are named; for
    the others it stands, and can be cancelled later only in parts too.
    """
    when, plan = timing(notice), Plan()
    event = plan.cancels = _cancellable(notice.cancels)
    people = _by_person(_rows(event))
    some = _chosen(notice, people)
    for addressee in some:
        _refuse_rested_on(people[addressee])
        plan.changes += restored(people[addressee], when)
    put_back(plan, when)
    if len(some) < len(people):
        # The event as a whole stands: what it says of the others is as it was.
        plan.cancels = None
    return plan


def _chosen(notice: Notice, people: dict[int, list[ResidentRecord]]) -> list[int]:
    """Of those whom the act touched whoever is named. Raises Refused for anybody else (取消しの対象者)."""
    numbers = {rows[0].addressee.number: addressee for addressee, rows in people.items()}
    named = {one.number for one in notice.people}
    if not named <= numbers.keys():
        raise Refused(
            "この異動の対象でない人が選ばれています。対象者を確かめてください。",
            field="people",
            code="not_of_the_event",
        )
    return [addressee for number, addressee in numbers.items() if not named or number in named]


def _cancellable(number: int | None) -> ResidentEvent:
    event = ResidentEvent.objects.filter(pk=number).first() if number else None
    if event is None:
        raise Refused(
            "取り消す異動を履歴から選んでください。移行で取り込まれた履歴には取り消せる異動がないので、修正として入力してください。",
            field="cancels",
            code="no_such_event",
        )
    if event.cancels_id or event.act == "cancellation":
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
