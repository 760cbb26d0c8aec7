"""Applications that other systems ask about, in one line each (試験用の申請と呼出し)."""

from datetime import datetime
from typing import Any

from conftest import TOWN
from municipal.applications.models import Case
from municipal.applications.tests.acting import WASTE, a_case
from municipal.core import clock
from municipal.intake.making import filled
from municipal.municipalities import wall
from municipal.procedures.catalogue import Entry as Procedure
from municipal.procedures.catalogue import by_id, shipped

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)
VIEW, WORK, DECIDE = "applications.view", "applications.work", "applications.decide"
ANSWERS, SUBMIT = "applications.answers", "applications.submit"
YOU = {"name": "甲野　太郎", "phone": "000-0000-0000"}
REFUGE = "ハナミズキ荘八八号"


def entry(code: str = WASTE) -> Procedure:
    """As the program ships it: the town has no version of its own."""
    return by_id(shipped())[code]


def a_waste_case() -> Case:
    with wall.within(TOWN):
        return a_case(WASTE, filled(entry()).answers)


def order(**changes: Any) -> dict[str, Any]:
    said = filled(entry()).answers
    return {"procedure": WASTE, "channel": "paper", "applicant": YOU, "answers": said} | changes


def online() -> list[Procedure]:
    return [one for one in shipped() if one.is_online]


def needs_files(one: Procedure) -> bool:
    return any(each.type == "file" and each.is_required for each in one.asks)
