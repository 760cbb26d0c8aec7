"""What stands in the register and what in the store of removed records (除票の所在; resident-record/1.0#1.1.5)."""

from collections.abc import Collection, Iterator

from django.db.models import OuterRef, QuerySet, Subquery

from municipal.core.clauses import implements

from .models import ResidentRecord, StoredRecord


def in_store(people: Collection[int]) -> frozenset[int]:
    """Which of ``people`` (addressee ids) the register does not hold any more: all their rows are in the store."""
    newest = ResidentRecord.objects.filter(addressee=OuterRef("addressee")).order_by("-serial").values("serial")
    found = StoredRecord.objects.filter(addressee__in=people).annotate(newest=Subquery(newest[:1]))
    # One person may have been stored twice; whoever came back since then has rows beyond the border.
    return frozenset(one.addressee_id for one in found if one.last_serial >= one.newest)


@implements("resident-record/1.0#1.1.5/m8")
def found_in(people: Collection[int], *, may_see_store: bool) -> tuple[list[int], bool]:
    """Of a search's hits those that the register holds; where it holds none, those of the store (除票の続けての検索).

    And whether they come from the store, which only whoever may see it is told.
    """
    stored = in_store(people)
    here = [one for one in people if one not in stored]
    if here or not (stored and may_see_store):
        return here, False
    return [one for one in people if one in stored], True


@implements("resident-record/1.0#1.1.5/m10")
def by_processing_day() -> QuerySet[StoredRecord]:
    """The store in the order in which the removals were processed (処理年月日順の除票)."""
    return StoredRecord.objects.select_related("addressee").order_by("processed_on", "pk")


def no_longer_kept(today: object) -> Iterator[StoredRecord]:
    """Removed records whose 150 years have passed; deleting them is decided by people (保存期限を過ぎた除票)."""
    yield from by_processing_day().filter(keep_until__lte=today)
