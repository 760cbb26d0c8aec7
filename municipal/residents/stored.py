"""What stands in the register and what in the store of removed records (除票の所在; resident-record/1.0#1.1.5)."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.db.models import QuerySet

from municipal.core.clauses import implements
from municipal.core.refusals import Refused

from . import inquiry
from .models import StoredRecord
from .search import Hits
from .suppression import INQUIRY, decide

PERMISSION = "residents.removed_store"


@implements("resident-record/1.0#1.1.5/m8")
def within_reach(hits: Hits, permissions: Collection[str]) -> tuple[Hits, bool]:
    """Of a search's hits those that the register holds; where it holds none, those of the store (除票の続けての検索).

    And whether they come from the store, which only whoever may see it is told: one search asks both.
    """
    stored = inquiry.in_store(hits.addressees)
    here = tuple(one for one in hits.addressees if one not in stored)
    if here or not stored or PERMISSION not in permissions:
        return replace(hits, addressees=here), False
    return hits, True


def viewed(number: str, permissions: Collection[str]) -> inquiry.Person | None:
    """The resident with that addressee number, for whoever looks with ``permissions``; None for nobody (本人の閲覧).

    Raises Refused where views of the person are stopped, and where the record is in the store for whoever may not see
    it.
    """
    found = inquiry.person(number)
    if found is not None:
        decide(INQUIRY, [found.addressee.pk]).refuse_errors()
        _refuse_unless_reached(found.addressee.pk, permissions)
    return found


def _refuse_unless_reached(person: int, permissions: Collection[str]) -> None:
    if PERMISSION not in permissions and inquiry.in_store([person]):
        raise Refused(
            "この方の除票は除票用データベースにあります。見るには「除票用データベースの照会」の権限が必要です。",
            code="forbidden",
        )


@implements("resident-record/1.0#1.1.5/m10")
def by_processing_day() -> QuerySet[StoredRecord]:
    """The store in the order in which the removals were processed (処理年月日順の除票)."""
    return StoredRecord.objects.select_related("addressee").order_by("processed_on", "pk")


def no_longer_kept(today: object) -> Iterator[StoredRecord]:
    """Removed records whose 150 years have passed; deleting them is decided by people (保存期限を過ぎた除票)."""
    yield from by_processing_day().filter(keep_until__lte=today)
