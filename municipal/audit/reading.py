"""Reading the audit, which is itself a disclosure (監査記録の閲覧)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from municipal.core.actors import Actor
from municipal.core.clock import TOKYO

from .models import Entry, Subject
from .operations import disclose, operation


def chosen(
    *, day: date | None = None, actor: tuple[str, int] | None = None, act: str = "", kind: str = ""
) -> QuerySet[Entry]:
    """Entries of this municipality, newest first; every given condition narrows (監査記録の検索).

    ``day``: the civil day in Japan on which they were recorded. ``actor``: kind and id. Not yet a disclosure:
    screens read through ``read``.
    """
    found = Entry.objects.order_by("-seq")
    if day:
        start = datetime.combine(day, time.min, TOKYO)
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if actor:
        found = found.filter(actor_kind=actor[0], actor_id=actor[1])
    if act:
        found = found.filter(act=act)
    return found.filter(kind=kind) if kind else found


def entries_for(subject: int) -> QuerySet[Entry]:
    """Entries that concern the person with this addressee id, newest first (対象者の監査記録)."""
    return chosen().filter(seq__in=Subject.objects.filter(addressee=subject).values("seq"))


@operation("audit.view")
def read(*, actor: Actor, entries: QuerySet[Entry], limit: int = 50) -> list[Entry]:
    """At most ``limit`` of ``entries``; their people are recorded as disclosed to ``actor`` (監査記録の閲覧)."""
    found = list(entries[:limit])
    disclose(actor=actor, subjects=_people(found), fields=("audit",))
    return found


def _people(entries: Iterable[Entry]) -> list[int]:
    return sorted({subject for entry in entries for subject in entry.subjects})
