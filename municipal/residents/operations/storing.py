"""Moving removed records to their own store (除票用データベースへの移行; resident-record/1.0#9.3)."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.residents.models import Period, StoredRecord
from municipal.residents.rules.storing import YEARS_IN_THE_REGISTER, keep_until, years_after


def due_for_the_store(today: date) -> QuerySet[Period]:
    """The present stretch of everybody removed at least five years ago whose rows are in the register still (対象者).

    In the order of addressees. The removal is counted from its ordering day: that is never shown.
    """
    border = years_after(today, -YEARS_IN_THE_REGISTER)
    newest = Period.objects.filter(recorded__endswith__isnull=True, valid__endswith__isnull=True, is_registered=False)
    last = StoredRecord.objects.filter(addressee=OuterRef("addressee")).order_by("-last_serial").values("last_serial")
    newest = newest.filter(valid__startswith__lte=border).annotate(stored=Subquery(last[:1]))
    return newest.filter(Q(stored=None) | Q(stored__lt=F("record__serial"))).order_by("addressee")


@implements("resident-record/1.0#1.1.5/m9", "resident-record/1.0#9.3/m1", "resident-record/1.0#9.3/m2")
@operation("residents.store_removed")
def store_removed(*, actor: Actor, after: int = 0, most: int = 500) -> list[int]:
    """Move up to ``most`` people behind addressee id ``after`` to the store; their ids (除票の移行).

    From this moment on the register's search and lists do not find them.
    """
    today = clock.today()
    waiting = due_for_the_store(today).filter(addressee__gt=after).select_related("record")[:most]
    made = StoredRecord.objects.bulk_create(_border(period, today) for period in waiting)
    people = [one.addressee_id for one in made]
    record(actor=actor, subjects=people, fields=["stored"])
    return people


def _border(period: Any, today: date) -> StoredRecord:
    removed_on: date = period.valid.lower
    return StoredRecord(
        addressee_id=period.addressee_id, last_serial=period.record.serial, removed_on=removed_on,
        processed_on=period.record.processed_on, stored_on=today, keep_until=keep_until(removed_on),
    )  # fmt: skip
