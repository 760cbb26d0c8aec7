"""What a clerk finds out about a case that nobody asks the applicant, and what fits there (認定する事実)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

DAMAGE = "certificate:disaster_damage"
DEGREES = {
    "total": _("全壊"), "large": _("大規模半壊"), "medium": _("中規模半壊"), "half": _("半壊"), "quasi": _("準半壊"),
    "part": _("準半壊に至らない（一部損壊）"),
}  # fmt: skip
"""Degrees of the damage to a home. Guidelines on certifying damage of the Cabinet Office (unverified)."""
GROUPS = {"register:nhi_join": "joining", "register:nhi_loss": "leaving"}
"""The group in which somebody is named with a cause, by ``does``."""
CAUSES = {
    "left_employer": _("会社などの健康保険をやめた"), "left_dependants": _("扶養から外れた"),
    "welfare_ended": _("生活保護が終わった"), "joined_employer": _("会社などの健康保険に入った"),
    "became_dependant": _("家族の扶養に入った"), "welfare": _("生活保護を受けはじめた"),
}  # fmt: skip
"""Causes of which a clerk finds out the day, in words."""
OF_THE_REGISTER = frozenset({"moved_in", "born", "moves_out", "died"})
"""Causes of which the register knows the day."""
MOST = 100
BAD_DAY = _("日付は、今日までの日を入れてください。")
BAD_CHOICE = _("被害の程度を一覧から選んでください。")
BAD_TEXT = _("災害の名前を100文字までで入れてください。")


@dataclass(frozen=True)
class Wanted:
    """One fact that a clerk says: a day, a choice or a text; whom it is about, empty for the case (認定する項目)."""

    name: str
    label: str
    type: str
    whom: str = ""
    options: Mapping[str, str] | None = None


def ref_of(said: Any) -> str:
    """The reference of the one person whom an answer names; empty for nobody (選ばれた人)."""
    named = said if isinstance(said, str) else next(iter(said or ()), "")
    return str(named)


def wanted(does: str, answers: Mapping[str, Any], people: Mapping[str, Any]) -> list[Wanted]:
    """What is to be found out for such a case, in order; nothing for most (認定する事実の一覧)."""
    if does == DAMAGE:
        return [
            Wanted("degree", _("住家の被害の程度"), "choice", options=DEGREES),
            Wanted("disaster", _("災害の名前（罹災の原因）"), "text"),
            Wanted("disaster_on", _("罹災した日"), "date"),
        ]
    return [
        Wanted(f"day_{at}", CAUSES[row["cause"]], "date", _name(people, row))
        for at, row in enumerate(answers.get(GROUPS.get(does, "")) or [])
        if row.get("cause") in CAUSES
    ]


def _name(people: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    return str(people.get(ref_of(row.get("member")), {}).get("name", ""))


def fault_of(one: Wanted, value: str, today: date) -> str:
    """What is wrong with a value, as a sentence; empty for a good one (認定する事実の確認)."""
    if one.type == "choice":
        return "" if value in (one.options or {}) else BAD_CHOICE
    if one.type == "text":
        return "" if value.strip() and len(value) <= MOST and value.isprintable() else BAD_TEXT
    try:
        return "" if date(1900, 1, 1) <= date.fromisoformat(value) <= today else BAD_DAY
    except ValueError:
        return BAD_DAY
