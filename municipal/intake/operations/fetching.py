"""Asking the portal what there is, and fetching what is new (申請データの受取り).

Nothing is open in the database while the portal is spoken to; each application is taken in by itself, so that one that
is broken stops no other.
"""

from collections import Counter
from datetime import timedelta

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.intake.models import IntakeSettings, Received, ReceivedState
from municipal.intake.portal import Listed, Portal, portal_of
from municipal.intake.transports import PortalDown
from municipal.municipalities import wall

from .settings import PORTAL, locked_settings
from .taking_in import note_refusal, take_in

MOST_TRIES = 5
"""So often a file that cannot be read is fetched again by itself; after that somebody has to ask for it."""
NOT_CONNECTED = Refused("この自治体は、国の申請サイトにつながっていません。", code="unavailable")


def fetch(town: int, portal: Portal | None = None) -> dict[str, int | str]:
    """Fetch what is new; how many were listed, taken in, refused, or failed on the way (受取り). Opens doors itself."""
    who = portal or portal_of(town)
    if who is None:
        raise NOT_CONNECTED
    found: Counter[str] = Counter()
    outcome: dict[str, int | str] = {}
    seen: set[tuple[str, str]] = set()
    try:
        for one in who.listed():
            found["listed"] += 1
            if (one.receipt, one.digest) not in seen:
                seen.add((one.receipt, one.digest))
                found[_fetched(town, who, one)] += 1
    except PortalDown as down:
        outcome["down"] = str(down)[:60]
    with wall.within(town):
        _note(found, outcome)
    return {**found, **outcome}


def _fetched(town: int, who: Portal, one: Listed) -> str:
    with wall.within(town):
        if not _is_wanted(one):
            return "known"
    try:
        content = who.fetched(one.receipt)
    except PortalDown:
        return "failed"
    try:
        with wall.within(town):
            take_in(actor=PORTAL, receipt=one.receipt, content=content)
    except Refused as refused:
        with wall.within(town):
            note_refusal(actor=PORTAL, receipt=one.receipt, refused=refused)
        return "refused"
    return "taken"


def _is_wanted(one: Listed) -> bool:
    """Not what is here already, nor what could not be read time and again."""
    rows = Received.objects.filter(receipt=one.receipt)
    if rows.filter(digest=one.digest).exclude(state=ReceivedState.REFUSED).exists():
        return False
    return not rows.filter(state=ReceivedState.REFUSED, attempts__gte=MOST_TRIES).exists()


def _note(found: Counter[str], outcome: dict[str, int | str]) -> None:
    row = locked_settings()
    row.asked_at, row.outcome = clock.now(), {**found, **outcome}
    row.save(update_fields=["asked_at", "outcome"])
    record(actor=PORTAL, act="intake.fetch", code="down" if outcome else "done")


def is_due(row: IntakeSettings) -> bool:
    """Whether the portal is to be asked now: somebody wants it, or the pause is over (受取りの時期)."""
    if row.outcome.get("wanted"):
        return True
    return row.is_on and (row.asked_at is None or clock.now() >= row.asked_at + timedelta(minutes=row.every_minutes))


@operation("intake.ask_now")
def ask_now(*, actor: Actor) -> None:
    """Have the portal asked at the next beat, and what could not be read fetched again (受取りの指示)."""
    row = locked_settings()
    row.outcome = {**row.outcome, "wanted": 1}
    row.save(update_fields=["outcome"])
    Received.objects.filter(state=ReceivedState.REFUSED, attempts__gte=MOST_TRIES).update(attempts=MOST_TRIES - 1)
    record(actor=actor)


@operation("intake.configure")
def configure(*, actor: Actor, is_on: bool, every_minutes: int, is_feedback_on: bool) -> IntakeSettings:
    """Say whether and how often the portal is asked, and whether it is told by itself (申請管理の設定)."""
    if not 5 <= every_minutes <= 1440:
        raise Refused("間隔は5分から1440分までです。", field="every_minutes", code="invalid")
    row = locked_settings()
    row.is_on, row.every_minutes, row.is_feedback_on = is_on, every_minutes, is_feedback_on
    row.save(update_fields=["is_on", "every_minutes", "is_feedback_on"])
    record(actor=actor, fields=["is_on", "every_minutes", "is_feedback_on"])
    return row
