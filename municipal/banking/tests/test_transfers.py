"""Refunds through the bank: ordered once, paid to the right account, returned, paid again (還付の振込の試験)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.banking.models import RefundAccount, TransferItem, TransferOrder, TransferReturn
from municipal.banking.operations import end_refund_account, order_refunds, register_refund_account, return_transfer
from municipal.banking.refunds import Due, decided, overpaid
from municipal.banking.zengin.files import read
from municipal.banking.zengin.layouts import TRANSFER
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Account, Charge, Posting
from municipal.payments.operations import refund, reverse, revise
from municipal.payments.tests.booking import CLERK, charged, payer, report, slip_of, taken

from .bank import DUE, NOON, SINCE, account, refund_account, town_known_to_its_bank

PAY_ON = date(2026, 11, 24)


def paid_too_much(who: Addressee, reference: str = "1", over: int = 18_000) -> Charge:
    """Thirty thousand yen were paid, then so many fewer were owed."""
    charge = charged(owner=who, reference=reference, total_yen=30_000, due_on=[DUE])[0]
    taken(report(slip_of(charge).number, 30_000, reference=reference))
    revise(actor=CLERK, assessment=charge.assessment, total_yen=30_000 - over, reason="更正")
    return charge


@pytest.fixture
def charge(town: int) -> Charge:
    town_known_to_its_bank()
    who = payer()
    refund_account(who)
    return paid_too_much(who)


def over(charge: Charge) -> int:
    return of_charges([charge.pk])[charge.pk].overpaid


def ordered(*charges: Charge, pay_on: date = PAY_ON) -> TransferOrder:
    return order_refunds(actor=CLERK, charges=charges, pay_on=pay_on)


def listed(found: list[Due]) -> list[tuple[int, int, bool]]:
    return [(one.charge.pk, one.yen, one.account is not None) for one in found]


def test_what_is_over_is_booked_and_ordered_in_one_act(charge: Charge) -> None:
    assert listed(overpaid()) == [(charge.pk, 18_000, True)]
    order = ordered(charge)
    item = order.items.get()
    assert over(charge) == 0
    assert item.posting.kind == "refund"
    found = read(TRANSFER, bytes(order.content))
    assert (found.header["client"], found.header["day"], found.header["number"]) == ("0000004002", "1124", "7654321")
    row = found.rows[0]
    assert (row.said["bank"], row.said["number"], row.said["holder"]) == ("9990", "1234567", "ｺｳﾉ ﾀﾛｳ")
    # Interest, where there is any, goes out with it: the file says what leaves the account.
    assert row.yen == item.yen == -books().balances[Account.CASH]
    assert (overpaid(), decided()) == ([], [])
    assert books().broken() == []


def test_a_returned_transfer_reopens_the_liability_and_is_paid_to_another_account(charge: Charge) -> None:
    item = ordered(charge).items.get()
    with clock.stopped_at(NOON.replace(day=26)):
        back = return_transfer(actor=CLERK, item=item, reason="closed", returned_on=date(2026, 11, 25))
        assert (over(charge), books().balances[Account.CASH]) == (18_000, 0)
        assert back.posting.reverses == item.posting
        again = overpaid()
        assert [one.returned for one in again] == [back]
        with pytest.raises(Refused, match="すでに記録"), transaction.atomic():
            return_transfer(actor=CLERK, item=item, reason="closed", returned_on=date(2026, 11, 25))
        refund_account_from_now(charge.assessment.payer, number="9")
        second = ordered(charge, pay_on=date(2026, 11, 27))
    assert read(TRANSFER, bytes(second.content)).rows[0].said["number"] == "0000009"
    assert over(charge) == 0
    assert books().broken() == []


def refund_account_from_now(who: Addressee, number: str) -> RefundAccount:
    return register_refund_account(actor=CLERK, payer=who, account=account(number=number), starts_on=clock.today())


def test_a_refund_is_ordered_once(charge: Charge) -> None:
    posting = refund(actor=CLERK, charge=charge, yen=18_000)
    assert [one.posting for one in decided()] == [posting]
    order_refunds(actor=CLERK, postings=[posting], pay_on=PAY_ON)
    assert decided() == []
    with pytest.raises(Refused, match="すでに依頼"), transaction.atomic():
        order_refunds(actor=CLERK, postings=[posting], pay_on=PAY_ON)
    with pytest.raises(Refused, match="還付できるのは"), transaction.atomic():
        ordered(charge)
    assert TransferOrder.objects.count() == 1


def test_a_refund_that_was_taken_back_is_not_ordered(charge: Charge) -> None:
    posting = refund(actor=CLERK, charge=charge, yen=18_000)
    reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
    with pytest.raises(Refused, match="取り消されていない還付"), transaction.atomic():
        order_refunds(actor=CLERK, postings=[Posting.objects.get(pk=posting.pk)], pay_on=PAY_ON)
    other = Posting.objects.filter(kind="charge")[0]
    with pytest.raises(Refused, match="取り消されていない還付"), transaction.atomic():
        order_refunds(actor=CLERK, postings=[other], pay_on=PAY_ON)
    assert decided() == []


def test_somebody_without_an_account_stops_the_order_and_nothing_is_booked(charge: Charge) -> None:
    stranger = paid_too_much(payer("2"), reference="NO-2")
    assert listed(overpaid()) == [(charge.pk, 18_000, True), (stranger.pk, 18_000, False)]
    with pytest.raises(Refused, match="NO-2"), transaction.atomic():
        ordered(charge, stranger)
    assert (over(charge), over(stranger)) == (18_000, 18_000)
    assert not TransferOrder.objects.exists()


def test_nothing_chosen_a_closed_day_and_no_settings_are_refused(town: int) -> None:
    who = payer()
    refund_account(who)
    one = paid_too_much(who)
    with pytest.raises(Refused, match="依頼人の設定"), transaction.atomic():
        ordered(one)
    town_known_to_its_bank()
    with pytest.raises(Refused, match="休業日") as refused, transaction.atomic():
        ordered(one, pay_on=date(2026, 11, 23))
    assert refused.value.field == "pay_on"
    with pytest.raises(Refused, match="選んでください"), transaction.atomic():
        ordered()


@pytest.mark.parametrize(
    ("reason", "returned_on", "says"),
    [
        ("", "2026-11-25", "一覧"),
        ("whim", "2026-11-25", "一覧"),
        ("closed", "2026-11-23", "振込指定日から"),
        ("closed", "2026-12-01", "振込指定日から"),
    ],
)
def test_a_return_needs_a_reason_of_the_list_and_a_day_after_the_transfer(
    charge: Charge, reason: str, returned_on: str, says: str
) -> None:
    item = ordered(charge).items.get()
    with clock.stopped_at(NOON.replace(day=26)), pytest.raises(Refused, match=says), transaction.atomic():
        return_transfer(actor=CLERK, item=item, reason=reason, returned_on=date.fromisoformat(returned_on))
    assert not TransferReturn.objects.exists()
    assert over(charge) == 0


def test_a_new_account_ends_the_one_before(charge: Charge) -> None:
    who = charge.assessment.payer
    with pytest.raises(Refused, match="開始日より後"), transaction.atomic():
        refund_account(who, number="5")
    new = refund_account_from_now(who, "5")
    assert [one.valid.upper for one in RefundAccount.objects.order_by("pk")] == [clock.today(), None]
    with pytest.raises(Refused, match="開始日より後"), transaction.atomic():
        end_refund_account(actor=CLERK, account=new, ends_on=SINCE)
    with clock.stopped_at(NOON.replace(day=26)):
        ended = end_refund_account(actor=CLERK, account=new, ends_on=date(2026, 11, 26))
        assert listed(overpaid()) == [(charge.pk, 18_000, False)]
        with pytest.raises(Refused, match="すでに終了"), transaction.atomic():
            end_refund_account(actor=CLERK, account=ended, ends_on=date(2026, 11, 27))


def test_an_account_for_taxes_can_be_debited_but_not_paid_to(town: int) -> None:
    with pytest.raises(Refused, match="預金種目") as refused, transaction.atomic():
        refund_account(payer(), kind="3")
    assert refused.value.field == "kind"
    assert refund_account(payer("2"), kind="4").kind == "4"


def test_interest_goes_out_with_the_refund_and_comes_back_with_it(town: int) -> None:
    town_known_to_its_bank()
    who = payer()
    refund_account(who)
    charge = charged(owner=who, total_yen=3_000_000, due_on=[date(2026, 2, 2)])[0]
    with clock.stopped_at(datetime(2026, 1, 20, 12, tzinfo=clock.TOKYO)):
        taken(report(slip_of(charge).number, 3_000_000, paid_on="2026-01-20"))
    revise(actor=CLERK, assessment=charge.assessment, total_yen=0, reason="更正")
    order = ordered(charge)
    item = order.items.get()
    assert item.yen > 3_000_000
    assert read(TRANSFER, bytes(order.content)).rows[0].yen == item.yen
    with clock.stopped_at(NOON.replace(day=26)):
        return_transfer(actor=CLERK, item=item, reason="closed", returned_on=date(2026, 11, 25))
    assert (over(charge), books().balances[Account.CASH]) == (3_000_000, 0)
    assert books().broken() == []


def test_several_refunds_stand_in_one_file_whose_sums_are_right(charge: Charge) -> None:
    who = payer("2")
    refund_account(who, holder="ミホンショウジ", number="22")
    more = paid_too_much(who, reference="2", over=1)
    order = ordered(charge, more)
    found = read(TRANSFER, bytes(order.content))
    assert [row.said["holder"] for row in found.rows] == ["ｺｳﾉ ﾀﾛｳ", "ﾐﾎﾝｼﾖｳｼﾞ"]
    assert int(found.trailer["yen"]) == sum(item.yen for item in TransferItem.objects.all())
    assert [item.position for item in order.items.order_by("pk")] == [1, 2]


def test_two_clerks_at_once_refund_once(committed_db: str) -> None:
    with wall.within(TOWN):
        town_known_to_its_bank()
        who = payer()
        refund_account(who)
        found = paid_too_much(who)

    def act(_number: int) -> bool:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                ordered(Charge.objects.get(pk=found.pk))
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, range(2))) == [False, True]
    with wall.within(TOWN):
        assert (over(found), TransferOrder.objects.count(), books().broken()) == (0, 1, [])


@pytest.mark.parametrize("table", ["transferorder", "transferitem", "transferreturn", "refundaccount"])
def test_what_was_ordered_and_came_back_is_never_changed(committed_db: str, table: str) -> None:
    with wall.within(TOWN):
        town_known_to_its_bank()
        who = payer()
        refund_account(who)
        item = ordered(paid_too_much(who), pay_on=NOON.date()).items.get()
        return_transfer(actor=CLERK, item=item, reason="other", returned_on=NOON.date())
    for act in (f"UPDATE banking_{table} SET id = id + 1", f"DELETE FROM banking_{table}"):
        with pytest.raises(DatabaseError), wall.within(TOWN), connection.cursor() as cursor:
            cursor.execute(act)
