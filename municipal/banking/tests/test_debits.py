"""Asking the bank to debit: whom, how much, once; and slips for the rest (口座振替の請求の試験)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections, transaction

from conftest import TOWN
from municipal.banking.debits import chargeable, ready, to_be_slipped
from municipal.banking.models import DebitItem, DebitRequest
from municipal.banking.operations import (
    change_bank_settings,
    issue_slips_after_debit,
    withdraw_debits,
)
from municipal.banking.zengin.files import read
from municipal.banking.zengin.layouts import DEBIT
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books
from municipal.payments.models import Report, Slip
from municipal.payments.operations import issue_slips, revise, withdraw_slip
from municipal.payments.tests.booking import CLERK, charged, payer, report, taken

from .bank import DEBIT_ON, DUE, NOON, SINCE, account, debited, mandate, requested, standing, take


def test_everybody_with_a_mandate_is_asked_for_and_what_is_paid_pays_the_charge(town: int) -> None:
    charges = debited(2)
    other = charged(owner=payer("9"), reference="9", total_yen=500, due_on=[DUE])[0]
    request = requested()
    asked = read(DEBIT, bytes(request.content))
    assert (asked.header["client"], asked.header["day"]) == ("0000004001", "1130")
    assert [(row.said["holder"], row.yen, row.said["new"]) for row in asked.rows] == [("ｺｳﾉ ﾀﾛｳ", 30_000, "1")] * 2
    found = take(request, ["0", "0"])
    assert (found.paid, found.paid_yen, found.unpaid, found.missing, found.by_match["matched"]) == (2, 60_000, 0, 0, 2)
    assert [standing(charge).outstanding for charge in [*charges, other]] == [0, 0, 500]
    assert {one.channel for one in Report.objects.all()} == {"debit"}
    assert books().broken() == []
    assert books().balances["in_transit"] == 60_000


def test_the_same_file_can_be_had_again_byte_for_byte_though_the_settings_changed(town: int) -> None:
    debited(1)
    before = bytes(requested().content)
    change_bank_settings(actor=CLERK, account=account(holder="ア"), debit_client="1", transfer_client="2")
    assert bytes(DebitRequest.objects.get().content) == before
    assert b"0000004001" in before


def test_short_of_funds_then_a_slip_is_issued_and_pays_it_once(town: int) -> None:
    first, second = debited(2)
    request = requested()
    found = take(request, ["1", "0"])
    assert (found.paid, found.unpaid, found.unpaid_yen) == (1, 1, 30_000)
    assert (standing(first).outstanding, standing(second).outstanding) == (30_000, 0)
    assert [item.charge for item in to_be_slipped(request)] == [first]
    slip = issue_slips_after_debit(actor=CLERK, request=request, pay_until=date(2026, 12, 25))[0]
    assert (slip.charge, slip.yen, slip.pay_until) == (first, 30_000, date(2026, 12, 25))
    assert slip.number != DebitItem.objects.get(charge=first).slip.number
    taken(report(slip.number, 30_000))
    assert standing(first) == Standing(charged=30_000, applied=30_000)
    with pytest.raises(Refused, match="納付書を発行する明細はありません"), transaction.atomic():
        issue_slips_after_debit(actor=CLERK, request=request, pay_until=date(2026, 12, 25))
    assert books().broken() == []


def test_what_was_not_paid_may_be_asked_for_again_and_the_bank_is_told_that_it_is_not_the_first_time(town: int) -> None:
    first, second = debited(2)
    mandate(first.assessment.payer, fee="904", number="5")
    take(requested(), ["1", "0"])
    again = requested(debit_on=date(2026, 12, 10))
    assert [(item.charge, item.attempt) for item in again.items.all()] == [(first, 2)]
    assert read(DEBIT, bytes(again.content)).rows[0].said["new"] == "1"
    take(again, ["0"])
    more = charged(owner=first.assessment.payer, reference="x", total_yen=700, due_on=[date(2026, 12, 25)])[0]
    third = requested(due_on=date(2026, 12, 25), debit_on=date(2026, 12, 25))
    assert read(DEBIT, bytes(third.content)).rows[0].said["new"] == "0"
    assert third.items.get().charge == more
    assert standing(second).outstanding == 0


def test_what_is_asked_for_and_not_answered_is_not_asked_for_again(town: int) -> None:
    debited(1)
    requested()
    assert chargeable("905", DUE, DEBIT_ON) == []
    with pytest.raises(Refused, match="請求する調定がありません") as refused, transaction.atomic():
        requested()
    assert refused.value.field == "due_on"
    assert DebitRequest.objects.count() == 1


def test_paid_at_a_store_before_the_debit_makes_the_second_an_over_payment(town: int) -> None:
    charge = debited(1)[0]
    slip = issue_slips(actor=CLERK, charges=[charge], pay_until=date(2026, 12, 25))[0]
    request = requested()
    # The slip that is there already is right: the debit is reported under its number.
    assert request.items.get().slip == slip
    taken(report(slip.number, 30_000))
    assert take(request, ["0"]).by_match["twice"] == 1
    assert standing(charge) == Standing(charged=30_000, applied=30_000, overpaid=30_000)


def test_a_slip_that_is_no_longer_right_is_issued_anew_for_the_debit(town: int) -> None:
    first, second = debited(2)
    old = issue_slips(actor=CLERK, charges=[first, second], pay_until=date(2026, 12, 25))
    revise(actor=CLERK, assessment=first.assessment, total_yen=20_000, reason="更正")
    withdraw_slip(actor=CLERK, slip=old[1], reason="誤り")
    request = requested()
    assert [item.yen for item in request.items.order_by("position")] == [20_000, 30_000]
    assert [item.slip.supersedes for item in request.items.order_by("position")] == old
    assert take(request, ["0", "0"]).by_match["matched"] == 2


def test_a_request_that_never_went_to_the_bank_is_withdrawn_and_may_be_made_anew(town: int) -> None:
    charge = debited(1)[0]
    request = requested()
    with pytest.raises(Refused, match="理由"), transaction.atomic():
        withdraw_debits(actor=CLERK, request=request, reason=" ")
    assert withdraw_debits(actor=CLERK, request=request, reason="引落日の誤り") == 1
    with pytest.raises(Refused, match="結果を待っている明細はありません"), transaction.atomic():
        withdraw_debits(actor=CLERK, request=request, reason="もう一度")
    assert requested(debit_on=date(2026, 12, 1)).items.get().charge == charge


@pytest.mark.parametrize(
    ("debit_on", "says"),
    [
        (date(2026, 11, 19), "今日から300日先まで"),
        (date(2027, 11, 30), "今日から300日先まで"),
        (date(2026, 11, 28), "休業日"),
        (date(2026, 12, 31), "休業日"),
    ],
)
def test_banks_debit_on_business_days_within_the_year_only(town: int, debit_on: date, says: str) -> None:
    debited(1)
    with pytest.raises(Refused, match=says) as refused, transaction.atomic():
        requested(debit_on=debit_on)
    assert refused.value.field == "debit_on"


def test_without_the_towns_own_account_nothing_is_asked_for(town: int) -> None:
    who = payer()
    mandate(who)
    charged(owner=who, total_yen=500, due_on=[DUE])
    with pytest.raises(Refused, match="依頼人の設定がありません"), transaction.atomic():
        requested()
    assert not Slip.objects.exists()


def test_what_can_be_asked_for_is_listed_by_due_day_and_fee(town: int) -> None:
    charges = debited(2)
    assert [(one.fee, one.due_on, one.count, one.yen) for one in ready(SINCE, DUE)] == [("905", DUE, 2, 60_000)]
    revise(actor=CLERK, assessment=charges[0].assessment, total_yen=0, reason="取消し")
    assert [(one.count, one.yen) for one in ready(SINCE, DUE)] == [(1, 30_000)]
    requested()
    assert ready(SINCE, DUE) == []


def test_two_clerks_at_once_ask_for_a_charge_once(committed_db: str) -> None:
    with wall.within(TOWN):
        debited(1)

    def ask(_number: int) -> str:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                requested()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(ask, range(2)))
    assert answers == ["", "nothing_to_do"]
    with wall.within(TOWN):
        assert DebitItem.objects.count() == 1
