"""What the portal is told of the state of a case: every state has one word there (国に登録する状態).

The words were read on pages about the portal; its own list of codes was not at hand, so the codes are ours.
"""

import csv
from dataclasses import dataclass
from functools import cache

from municipal.applications.rules.steps import outward

from .payload import SCHEMAS


@dataclass(frozen=True)
class Word:
    """A state as the portal has it (国の状態)."""

    code: str
    ja: str
    en: str

    def said(self, language: str) -> str:
        """The word in a language of staff (表示)."""
        return self.en if language == "en" else self.ja


ERROR = "error"
"""What is registered for an application that never becomes a case."""


@cache
def _table() -> dict[str, Word | None]:
    """By the outward word of ours; None for states in which nothing has been submitted or nothing is left."""
    with (SCHEMAS / "statuses.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["outward"]: Word(row["national"], row["ja"], row["en"]) if row["national"] else None
            for row in csv.DictReader(file)
        }  # fmt: skip


@cache
def words() -> dict[str, Word]:
    """Every word of the portal by its code (国の状態の一覧)."""
    return {word.code: word for word in _table().values() if word is not None}


def word_of(workflow: str, state: str) -> Word | None:
    """The portal's word for a state of a case; None for one of which it is told nothing (状態の変換)."""
    return _table()[outward()[workflow, state][0]]
