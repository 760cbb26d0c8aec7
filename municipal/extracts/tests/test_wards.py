"""Adult wards: the flag, the notice to where they go, and no list of them (成年被後見人の試験)."""

from typing import Any

import pypdfium2
import pytest

from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.extracts.wards import is_due, notice_to_destination
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import (
    CHIEF,
    CLERK,
    ELSEWHERE,
    act,
    day,
    family,
    member,
    newest,
    people_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]


@pytest.fixture
def ward(town: int) -> Any:
    """甲野花子, made a ward ex officio on 14 May."""
    people = people_of(act("move_in", people=family(), event_on=day(2026, 5, 11)))
    said = member(people[1], is_under_guardianship=True)
    act("correction_ex_officio", people=(said,), event_on=day(2026, 5, 14), basis="ex_officio")
    return people[1]


def leave(row: Any, place: Any = ELSEWHERE) -> None:
    act("move_out", people=(member(row),), event_on=day(2026, 5, 20), place=place)
    remove_announced(actor=CHIEF)


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


@pytest.mark.clause("resident-record/1.0#9.4/m1")
def test_a_resident_is_made_an_adult_ward_and_ceases_to_be_one(ward: Any) -> None:
    assert newest(ward).is_under_guardianship is True
    said = member(ward, is_under_guardianship=False)
    act("correction_ex_officio", people=(said,), event_on=day(2026, 5, 18), basis="ex_officio")
    assert newest(ward).is_under_guardianship is False


@pytest.mark.clause("resident-record/1.0#9.4/m2")
def test_the_municipality_to_which_a_ward_goes_is_told(ward: Any) -> None:
    leave(ward)
    text = text_of(notice_to_destination(actor=CLERK, number=ward.addressee.number))
    for said in (
        "見本県見本市長",
        "成年被後見人異動通知書",
        "甲野　花子",
        "見本県見本市本通２番地",
        "架空県架空市松町１番地",
    ):
        assert said in text


def test_an_announced_leaving_is_told_too_and_a_protected_address_is_not(ward: Any) -> None:
    act("move_out", people=(member(ward),), event_on=day(2026, 5, 30), place=ELSEWHERE)
    assert is_due(newest(ward))
    protect(actor=CHIEF, addressee=ward.addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    text = text_of(notice_to_destination(actor=CLERK, number=ward.addressee.number))
    assert "甲野　花子" in text
    assert "松町" not in text
    assert "本通" not in text


def test_nobody_else_is_told_of(ward: Any, town: int) -> None:
    with pytest.raises(Refused) as refused:
        notice_to_destination(actor=CLERK, number=ward.addressee.number)
    assert refused.value.code == "no_ward_leaving"
    leave(ward, {"country": "例示国", "abroad": "例示市1番"})
    for number in (ward.addressee.number, "0000000000", "x", "9" * 20):
        with pytest.raises(Refused):
            notice_to_destination(actor=CLERK, number=number)
