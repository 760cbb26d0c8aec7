"""Reasons of which no certificate says anything unless it is asked (特別な事由; resident-record/1.0#1.1.4/m5)."""

from collections.abc import Iterable

from municipal.core.clauses import implements

ADOPTED, DISSOLVED = "特別養子縁組", "特別養子縁組解消"
"""The words that a note on a special adoption, or on its end, always has (#1.1.14/m9)."""
WORDS = {
    "special_adoption": ADOPTED, "special_adoption_leaving": ADOPTED, "special_adoption_coming": ADOPTED,
    "special_adoption_dissolution": DISSOLVED, "special_dissolution_leaving": DISSOLVED,
    "special_dissolution_coming": DISSOLVED,
}  # fmt: skip
SPECIAL_ACTS = frozenset({*WORDS, "sex_change"})


@implements("resident-record/1.0#1.1.14/m9")
def noted(act: str, note: str) -> str:
    """The note on an act, with the fixed words in front where they are wanted and not said (定型の文言)."""
    words = WORDS.get(act, "")
    says_them = words in note.replace(DISSOLVED, "" if words == ADOPTED else DISSOLVED)
    return note if not words or says_them else f"{words} {note}".strip()


@implements("resident-record/1.0#1.1.4/m5")
def is_hidden_by_default(act: str, notes: Iterable[str]) -> bool:
    """Whether a row of history stays off a certificate unless somebody asks for it (既定では記載しない履歴)."""
    return act in SPECIAL_ACTS or any(ADOPTED in note for note in notes)
