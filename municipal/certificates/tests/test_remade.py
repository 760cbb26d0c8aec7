"""Copies of records as they were before they were made anew (改製原住民票の写しの試験)."""

from typing import Any

import pytest

from municipal.certificates.operations import pdf_of
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import act, day, member

from .issuing import CLERK, issued, text_of

pytestmark = pytest.mark.django_db


def printed(kind: str, row: Any, **said: Any) -> str:
    return text_of(pdf_of(CLERK, issued(kind, row, **said).copies.get()))


def remade(row: Any) -> None:
    """Somebody whose name was corrected, whose record was made anew, and whose name was corrected again."""
    named = {"notifier_capacity": "", "basis": "ex_officio", "notified_on": None}
    act("correction_ex_officio", people=(member(row, name="甲野　壱"),), event_on=day(2026, 5, 12), **named)
    act("remaking", people=(member(row),), event_on=day(2026, 5, 13), **named)
    act("correction_ex_officio", people=(member(row, name="甲野　弐"),), event_on=day(2026, 5, 14), **named)


def test_the_former_record_and_its_history_are_printed_on_request(home: list[Any]) -> None:
    with pytest.raises(Refused, match="改製されていません"):
        issued("remade_copy", home[2])
    remade(home[2])
    former = printed("remade_copy", home[2], has_history=True)
    assert ("甲野　壱" in former, "甲野　弐" in former) == (True, False)
    assert "甲野　一郎 → 甲野　壱" in former
    now = printed("person_copy", home[2], has_history=True)
    assert ("甲野　弐" in now, "甲野　一郎" in now) == (True, False)
    assert "甲野　壱 → 甲野　弐" in now


def test_the_copy_of_today_does_not_tell_what_was_before(home: list[Any]) -> None:
    remade(home[2])
    assert "甲野　壱" not in printed("person_copy", home[2])
    assert "改製" not in printed("household_copy", home[2])
