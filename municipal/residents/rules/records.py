"""What a row of the register may say (住民票の規則).

Pure functions of plain data. What the database can hold to, its constraints hold to; these are the rules of the text
that a constraint cannot say.
"""

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.core.relationships import parse

REASONS_WITH_DOUBTFUL_DAYS = frozenset({"birth", "death", "deletion_ex_officio", "disappearance"})
"""Events whose day may be unknown or impossible, to agree with the family register (#1.1.8: birth, death, missing)."""


@implements("resident-record/1.0#1.1.11/m1", "resident-record/1.0#1.1.11/m2", "resident-record/1.0#1.1.11/n1")
def refuse_unless_related(relationship: str) -> None:
    """The relationship uses only the allowed words, at most four deep (続柄); empty means not decided yet."""
    if relationship:
        parse(relationship, field="relationship")


@implements("resident-record/1.0#1.1.8/m1")
def refuse_unless_dated(reason: str, event_on: RegisterDate | None) -> None:
    """The day of an event is a day of the calendar, but for birth, death and missing people (異動日)."""
    if event_on and not event_on.is_exact and reason not in REASONS_WITH_DOUBTFUL_DAYS:
        raise Refused(
            "異動日は暦にある日を入力してください。不詳の日にできるのは、出生・死亡・失踪だけです。",
            field="event_on",
            code="event_day",
        )


def refuse_unless_katakana(reading: str, field: str) -> None:
    """A reading is kept in katakana: hiragana is refused (フリガナ; #1.1.18)."""
    if any("ぁ" <= letter <= "ゖ" for letter in reading):
        raise Refused("フリガナはカタカナで入力してください。", field=field, code="reading")
