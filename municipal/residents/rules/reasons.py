"""Reasons for change: our codes and the words of the closed list they stand for (異動事由; #1.2.2)."""

from enum import StrEnum

from municipal.core.clauses import implements
from municipal.core.codes import table

TABLE = "event_reason"


class Group(StrEnum):
    """What an event does to a record (記載・消除・修正の別)."""

    ENTRY = "entry"
    DELETION = "deletion"
    CORRECTION = "correction"


@implements("resident-record/1.0#1.2.2/m1", "resident-record/1.0#1.2.2/m3")
def division(code: str) -> tuple[Group, str]:
    """The group and the prescribed word of one of our codes (事由の区分). Raises KeyError for a code that is none."""
    found = table(TABLE)[code]
    return Group(found.extra["group"]), found.name_ja


@implements("resident-record/1.0#1.2.2/m2")
def code_of(group: Group, word: str) -> str:
    """Our one code for a prescribed word of a group (事由コードへの対応). Raises KeyError for a word that is none."""
    codes = {(found.extra["group"], found.name_ja): code for code, found in table(TABLE).items()}
    return codes[group.value, word]
