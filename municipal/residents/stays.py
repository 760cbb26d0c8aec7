"""A history stops at the stay: who left and came back has two, never shown as one (在住の区切り; #2.2.1, AMB-016)."""

from collections.abc import Iterable

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements

from .models import ResidentRecord


@implements("resident-record/1.0#2.2.1/n1")
def stays(rows: Iterable[ResidentRecord]) -> list[list[ResidentRecord]]:
    """The rows of one history in parts, the first first: another begins with each return (在住ごとの履歴).

    Becoming a resident anew says a day of its own; a departure that was cancelled, or a restored record, takes up
    the day of before and goes on with the same stay.
    """
    found: list[list[ResidentRecord]] = []
    for row in rows:
        if not found or _returns(found[-1][-1], row):
            found.append([])
        found[-1].append(row)
    return found


def _returns(before: ResidentRecord, row: ResidentRecord) -> bool:
    is_back = before.status != LifeState.RESIDENT and row.status == LifeState.RESIDENT
    return is_back and _since(before) != _since(row)


def _since(row: ResidentRecord) -> tuple[str, str]:
    return (str(row.became_resident_on or ""), str(row.became_foreign_resident_on or ""))
