"""To what a decided application entitles, read from ``standards/entitlements`` (受給資格の種類)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from municipal.core.codes import STANDARDS, rows

TABLE = STANDARDS / "entitlements" / "1" / "kinds.csv"
GRANT, END, CHANGE = "grant", "end", "change"
SELF, CHILDREN, NAMED, ALL = "self", "children", "named", "all"
CHILD_AGE = "child_age"


@dataclass(frozen=True)
class Kind:
    """What one procedure entitles to, since when, and by which law (受給資格の種類).

    The words are those of ``standards/entitlements/README.md``.
    """

    procedure: str
    kind: str
    name_ja: str
    name_en: str
    of: str
    effect: str
    starts: str
    ends: str
    lasts: bool
    law: str
    article: str
    status: str

    @property
    def is_verified(self) -> bool:
        """Whether somebody has read the article where it stands (確認済みか)."""
        return self.status == "seen"

    @property
    def basis(self) -> str:
        """Law and article in one line (根拠)."""
        return f"{self.law}{self.article}"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its procedure, in the order of the file (受給資格の種類の一覧)."""
    return {
        row["procedure"]: Kind(
            row["procedure"], row["kind"], row["name_ja"], row["name_en"], row["of"], row["effect"], row["starts"],
            row["ends"], row["lasts"] == "1", row["law"], row["article"], row["status"],
        )
        for row in rows(TABLE)
    }  # fmt: skip


def kind_of(procedure: str) -> Kind | None:
    """The kind that a procedure entitles to; None for one that entitles to nothing (受給資格の種類の照会)."""
    return kinds().get(procedure)


def main_of(kind: str) -> Kind | None:
    """The line of the procedure that grants this kind, of several the first (種類の主な手続)."""
    granting = [one for one in kinds().values() if one.kind == kind and one.effect == GRANT]
    return next((one for one in granting if one.procedure == kind), granting[0] if granting else None)
