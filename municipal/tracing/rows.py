"""Every sentence of a standard with what became of it here (追跡表).

A sentence is *implemented* when some code says that it carries it out and some test is marked with it; *absent*
when it forbids something and a test shows that the thing is not there. Whatever has no such proof needs an account
in ``accounts.csv``: *attested*, *not_applicable* or *missing*, each with its reason. A sentence with neither is a gap.
"""

import csv
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import municipal
from municipal.conformance.packs import Pack, Requirement
from municipal.core.clauses import implemented

from .markers import marked

ACCOUNTS = Path(__file__).parent / "accounts.csv"
FIELDS = ["clause", "state", "reason_ja", "reason_en"]


class State(StrEnum):
    """What became of a sentence (対応の状態)."""

    IMPLEMENTED = "implemented"
    ABSENT = "absent"
    ATTESTED = "attested"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    GAP = "gap"


WORDS: Mapping[State, tuple[str, str]] = {
    State.IMPLEMENTED: ("実装し試験した", "implemented and tested"),
    State.ABSENT: ("ないことを試験した", "absent, tested"),
    State.ATTESTED: ("人が確かめる", "attested by a person"),
    State.NOT_APPLICABLE: ("対象外", "not applicable"),
    State.MISSING: ("未実装（理由あり）", "missing, with a reason"),
    State.GAP: ("説明がない", "unexplained"),
}
"""The states in words, Japanese and English."""

ACCOUNTED = {State.ATTESTED, State.NOT_APPLICABLE, State.MISSING}
"""The states that an account may give; the others follow from code and tests."""


@dataclass(frozen=True)
class Account:
    """Why a sentence has no proof here (説明)."""

    state: State
    reason_ja: str
    reason_en: str


@dataclass(frozen=True)
class Row:
    """One sentence: the requirement, what carries it out, which tests prove it, and the account (追跡表の行)."""

    requirement: Requirement
    code: tuple[str, ...]
    tests: tuple[str, ...]
    account: Account | None

    @property
    def state(self) -> State:
        """Proof comes before any account."""
        if self.requirement.level == "must_not":
            proved = State.ABSENT if self.tests else None
        else:
            proved = State.IMPLEMENTED if self.code and self.tests else None
        return proved or (self.account.state if self.account else State.GAP)

    @property
    def is_superfluous(self) -> bool:
        """Whether an account still excuses what is proved (不要な説明)."""
        return self.account is not None and self.state not in ACCOUNTED


def accounts(path: Path = ACCOUNTS) -> dict[str, Account]:
    """The accounts by sentence, 4.1.1.2/m3. Raises ValueError for a sentence twice, an unknown state, no reason."""
    found: dict[str, Account] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = State(row["state"])
            said = Account(state, (row["reason_ja"] or "").strip(), (row["reason_en"] or "").strip())
            if row["clause"] in found or state not in ACCOUNTED or not (said.reason_ja and said.reason_en):
                raise ValueError(f"{path.name}: {row['clause']} is accounted for twice or without a reason")
            found[row["clause"]] = said
    return found


@cache
def load_everything() -> None:
    """Import every module, so that each has said what it implements (全モジュールの読込み)."""
    for module in pkgutil.walk_packages(municipal.__path__, "municipal."):
        # wsgi.py checks the database when it is imported; it holds nothing but the server.
        if not re.search(r"\.(migrations|tests|management|__main__)\b|^municipal\.wsgi$", module.name):
            importlib.import_module(module.name)


def trace(pack: Pack) -> list[Row]:
    """Every sentence of ``pack`` in its order, with code, tests and account (追跡)."""
    load_everything()
    proofs, excuses = marked(Path(municipal.__path__[0])), accounts()
    rows = []
    for requirement in pack.requirements:
        clause = f"{pack.id}/{pack.version}#{requirement.clause}"
        code = tuple(dict.fromkeys(implemented.get(clause, ())))
        rows.append(Row(requirement, code, tuple(proofs.get(clause, ())), excuses.get(requirement.clause)))
    return rows


def figures(rows: Sequence[Row]) -> dict[str, Counter[State]]:
    """How many sentences of each level are in each state (集計)."""
    found: dict[str, Counter[State]] = {level: Counter() for level in ("must", "may", "must_not")}
    for row in rows:
        found[row.requirement.level][row.state] += 1
    return found
