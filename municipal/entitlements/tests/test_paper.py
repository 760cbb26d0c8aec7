"""The notice of a decision: amounts, basis, how to object; never a protected address (決定通知書の試験)."""

from io import BytesIO

import pytest

from municipal.addressees.operations import protect
from municipal.applications.tests.test_paper import words
from municipal.entitlements.models import Entitlement, Per
from municipal.entitlements.operations import end, refuse, set_amount
from municipal.entitlements.paper import write_decision

from .acting import CLERK, SINCE, allowance, day, granting, home, now

pytestmark = pytest.mark.usefixtures("town")
WHERE = "松町"


def written(*found: Entitlement, is_sent: bool = True) -> str:
    file = BytesIO()
    write_decision(file, found, is_sent=is_sent, office="子育て支援課")
    return "".join(words(file).split())


def test_it_says_what_since_when_how_much_by_which_law_and_how_to_object() -> None:
    mother, _father, child, other = (row.addressee for row in home())
    one, two = allowance(mother, child, decided_in="261129-0000-0001"), allowance(mother, other)
    set_amount(actor=CLERK, number=one.number, yen=15_000, per=Per.MONTH)
    said = written(now(one), two)
    for wanted in (
        "決定通知書", "児童手当法第8条第2項・第3項（未確認）", "261129-0000-0001", "令和8年12月1日", "月額15,000円",
        "額は、別の通知でお知らせします。", "審査請求", "3か月以内", "見本", WHERE,
    ):  # fmt: skip
        assert wanted in said, wanted


def test_nothing_goes_to_a_protected_address_and_none_stands_on_what_is_taken_from_the_page() -> None:
    mother, _father, child = (row.addressee for row in home(children=1))
    one = allowance(mother, child)
    assert WHERE in written(one)
    assert WHERE not in written(one, is_sent=False)
    protect(actor=CLERK, addressee=mother, starts_on=SINCE, ends_on=day("2027-03-31"), is_own=True)
    assert WHERE not in written(one)


def test_an_ending_and_a_refusal_say_why() -> None:
    mother, _father, child = (row.addressee for row in home(children=1))
    one = allowance(mother, child)
    ended = end(actor=CLERK, number=one.number, last=day("2027-02-28"), reason="監護しなくなったため")
    assert "終了しました" in written(ended)
    assert "監護しなくなったため" in written(ended)
    refused = refuse(actor=CLERK, granting=granting(mother, reason="要件に合いません。"))
    assert "不認定通知書" in written(refused)
    assert "要件に合いません。" in written(refused)
