"""What an application costs, and what is paid back when it comes to nothing (手数料の規則)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from unicodedata import normalize

from municipal.core.codes import STANDARDS, rows
from municipal.procedures.catalogue import Entry

from .steps import steps

PRICES = STANDARDS / "fees" / "1" / "bulky_waste.csv"
CERTIFICATES, BULKY_WASTE = "911", "912"
MOST_COPIES = 100
PAYABLE = "payable"


@dataclass(frozen=True)
class Line:
    """One thing that costs something: how many, and how much each; ``yen`` is None where no table knows (内訳)."""

    item: str
    count: int
    yen: int | None

    def stored(self) -> dict[str, Any]:
        """As it is kept in JSON (保存の形)."""
        return asdict(self)


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Lines as they were kept (内訳の読出し)."""
    return tuple(Line(one["item"], one["count"], one["yen"]) for one in stored)


def total(lines: Sequence[Line]) -> int | None:
    """All together in yen; None where the price of anything is not known (合計)."""
    known = [one.count * one.yen for one in lines if one.yen is not None]
    return sum(known) if len(known) == len(lines) else None


def item_of(entry: Entry) -> str:
    """The code of the fee; that of certificates where the catalogue names none (料金項目)."""
    return entry.fee_item or CERTIFICATES


def lines_of(entry: Entry, answers: Mapping[str, Any]) -> tuple[Line, ...]:
    """What these answers cost by the catalogue and the tables; empty for what costs nothing (手数料の内訳)."""
    if entry.fee_yen is None and entry.fee_item == BULKY_WASTE:
        return tuple(_priced(row) for row in answers.get("items") or ())
    if not entry.fee_yen:
        return () if entry.fee_yen == 0 or not entry.fee_item else (Line(entry.title.ja, 1, None),)
    return (Line(entry.title.ja, _copies(answers), entry.fee_yen),)


def is_paid_at_the_desk(entry: Entry) -> bool:
    """Whether it may cost something that no step of its workflow charges: then it is paid at the visit (窓口納付か)."""
    is_charged = any(one.to == PAYABLE for one in steps() if one.workflow == entry.workflow)
    return bool(entry.fee_yen) and not is_charged


def _copies(answers: Mapping[str, Any]) -> int:
    return min(max(_whole(answers.get("copies")), 1), MOST_COPIES)


def _whole(said: Any) -> int:
    """A number as it was answered; 1 for what is none."""
    return said if isinstance(said, int) and not isinstance(said, bool) else 1


def _priced(row: Mapping[str, Any]) -> Line:
    said = str(row.get("item", ""))
    return Line(said, max(_whole(row.get("count")), 0), prices().get(_plain(said)))


@cache
def prices() -> Mapping[str, int]:
    """The price of bulky waste by every name it goes by: examples, until a town puts its own in (料金表)."""
    found: dict[str, int] = {}
    for row in rows(PRICES):
        for name in (row["item"], *row["words"].split()):
            found[_plain(name)] = int(row["yen"])
    return found


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def is_paid_back(state: str, *, is_made: bool) -> bool:
    """Whether what was paid goes back in a state in which the case is over (返金するか).

    All of it for who withdrew, or was rejected, before anything was made; nothing once the certificate was made. What
    a town's own ordinance says comes first; this is provisional.
    """
    return state in ("rejected", "error", "expired") or (state == "withdrawn" and not is_made)
