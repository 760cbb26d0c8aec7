"""The columns of the national table of population, households and movements (住民基本台帳年報の表).

Out of the month's counts by reason; nothing is counted twice. Who changes between Japanese and foreign leaves one
segment for the other, so the total has both or, in 増減, none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from municipal.core.clauses import implements
from municipal.residents.counts import Month, Movement

SEGMENTS = {"総計": ("1", "2"), "日本人住民": ("1",), "外国人住民": ("2",)}
NATURALISED = frozenset({"entry_by_naturalisation", "deletion_by_naturalisation"})
LOST = frozenset({"entry_by_loss_of_nationality", "deletion_by_loss_of_nationality"})
_IN = {"move_in": "転入（国内）", "move_in_from_abroad": "転入（国外）", "birth": "出生"}
_OUT = {"move_out": "転出（国内）", "move_out_abroad": "転出（国外）", "death": "死亡"}
ADDITIONS = ("転入（国内）", "転入（国外）", "出生", "その他（帰化等）", "その他（国籍喪失）", "その他（その他）")
REMOVALS = ("転出（国内）", "転出（国外）", "死亡", "その他（帰化等）", "その他（国籍喪失）", "その他（その他）")


@dataclass(frozen=True)
class Segment:
    """One line of the table: a segment of residents in a period (年報の行)."""

    before: int
    additions: Mapping[str, int]
    removals: Mapping[str, int]

    @property
    def added(self) -> int:
        """計(A)."""
        return sum(self.additions.values())

    @property
    def removed(self) -> int:
        """計(B)."""
        return sum(self.removals.values())

    @property
    def change(self) -> int:
        """増減数 (A)-(B)."""
        return self.added - self.removed

    @property
    def natural(self) -> int:
        """自然増減数: births less deaths."""
        return self.additions["出生"] - self.removals["死亡"]

    @property
    def social(self) -> int:
        """社会増減数: everything else."""
        return self.change - self.natural

    @property
    def after(self) -> int:
        """What there is at the end, by what has happened."""
        return self.before + self.change

    def plus(self, other: "Segment") -> "Segment":
        """This period and the one that follows it as one (期間の合計)."""
        return Segment(self.before, _sum(self.additions, other.additions), _sum(self.removals, other.removals))


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one[name] + other[name] for name in one}


def column_of(reason: str, named: Mapping[str, str]) -> str:
    """In which column a reason counts (異動事由から列へ)."""
    if reason in NATURALISED:
        return "その他（帰化等）"
    if reason in LOST:
        return "その他（国籍喪失）"
    return named.get(reason, "その他（その他）")


@implements("resident-record/1.0#6.1/m1")
def segment(month: Month, name: str, *, sex: str = "") -> Segment:
    """One segment of a month, of one sex if ``sex`` is said (月の行)."""
    kinds = SEGMENTS[name]

    def mine(by_cell: Counter[Any]) -> int:
        return sum(count for (kind, of), count in by_cell.items() if kind in kinds and sex in ("", of))

    def spread(movements: Iterable[Movement], columns: Iterable[str], named: Mapping[str, str]) -> dict[str, int]:
        found = dict.fromkeys(columns, 0)
        for movement in movements:
            found[column_of(movement.reason, named)] += mine(movement.by_cell)
        return found

    return Segment(mine(month.before), spread(month.additions, ADDITIONS, _IN), spread(month.removals, REMOVALS, _OUT))


def segments(month: Month, *, sex: str = "") -> dict[str, Segment]:
    """The three segments of a month (月の表)."""
    return {name: segment(month, name, sex=sex) for name in SEGMENTS}
