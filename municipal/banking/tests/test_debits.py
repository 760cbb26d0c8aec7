"""Direct debit from the mandate to the books: paid, short of funds, missing, twice (口座振替の試験)."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.audit.models import Entry
from municipal.banking.debits import chargeable, ready, to_be_slipped
from municipal.banking.models import DebitItem, DebitRequest, DebitResult, Mandate, ResultFile
from municipal.banking.operations import (
    change_bank_settings,
    end_mandate,
    issue_slips_after_debit,
    take_debit_results,
    try_debit_results,
    withdraw_debits,
)
from municipal.banking.operations.results import TakenResults
from municipal.banking.zengin.files import read
from municipal.banking.zengin.layouts import DEBIT
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Charge, Report, Slip
from municipal.payments.operations import issue_slips, reverse, revise, withdraw_slip
from municipal.payments.ordering import without_a_slip
from municipal.payments.tests.booking import CLERK, charged, payer, report, taken

from .bank import DEBIT_ON, DUE, NOON, SINCE, account, answered, composed, mandate, requested, town_known_to_its_bank


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def people(count: int) -> list[Addressee]:
    return [payer(str(number)) for number in range(1, count + 1)]


def debited(count: int = 2) -> list[Charge]:
    """So many payers, each with a mandate and one charge of 30,000 yen due on the last of November."""
    town_known_to_its_bank()
    charges = []
    for who in people(count):
        mandate(who, number=who.number)
        charges += charged(owner=who, reference=who.number, total_yen=30_000, due_on=[DUE])
    return charges


def standing(charge: Charge) -> Standing:
    return of_charges([charge.pk])[charge.pk]


def take(request: DebitRequest, results: Sequence[str], name: str = "kekka.dat") -> TakenResults:
    return take_debit_results(actor=CLERK, request=request, name=name, data=answered(request, results))


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


def test_a_part_of_the_results_first_and_the_whole_later_books_each_once(town: int) -> None:
    charges = debited(3)
    request = requested()
    part = take(request, ["0", "", ""], "1.dat")
    assert (part.paid, part.missing) == (1, 2)
    whole = take(request, ["0", "3", "0"], "2.dat")
    assert (whole.paid, whole.unpaid, whole.repeated, whole.missing) == (1, 1, 1, 0)
    assert [standing(charge).applied for charge in charges] == [30_000, 0, 30_000]


def test_the_same_results_twice_change_nothing(town: int) -> None:
    charge = debited(1)[0]
    request = requested()
    take(request, ["0"])
    with pytest.raises(Refused, match="すでに取り込まれています"), transaction.atomic():
        take(request, ["0"], "another name.dat")
    without_line_ends = answered(request, ["0"]).replace(b"\r\n", b"")
    again = take_debit_results(actor=CLERK, request=request, name="x.dat", data=without_line_ends)
    assert (again.paid, again.repeated) == (0, 1)
    assert standing(charge) == Standing(charged=30_000, applied=30_000)
    assert Report.objects.count() == 1


def test_a_result_that_contradicts_the_one_there_is_is_refused_whole(town: int) -> None:
    charges = debited(2)
    request = requested()
    take(request, ["1", ""])
    with pytest.raises(Refused, match="2行目の結果が、取り込み済みの結果と違います"), transaction.atomic():
        take(request, ["0", "0"], "2.dat")
    assert [standing(charge).outstanding for charge in charges] == [30_000, 30_000]


def test_two_charges_of_one_payer_with_the_same_yen_each_get_the_result_of_their_line(town: int) -> None:
    town_known_to_its_bank()
    who = payer()
    mandate(who)
    charges = [charged(owner=who, reference=name, total_yen=500, due_on=[DUE])[0] for name in "abc"]
    request = requested()
    take(request, ["1", "0", ""])
    assert [standing(charge).applied for charge in charges] == [0, 500, 0]
    whole = take(request, ["1", "0", "0"], "2.dat")
    assert (whole.paid, whole.repeated, whole.missing) == (1, 2, 0)
    assert [standing(charge).applied for charge in charges] == [0, 500, 500]


def test_a_line_that_was_not_asked_for_or_comes_twice_in_the_file_is_refused_whole(town: int) -> None:
    charge = debited(1)[0]
    request = requested()
    asked = read(DEBIT, bytes(request.content))
    row = dict(asked.rows[0].said)
    for extra in (row, row | {"customer": "7" * 20}, row | {"yen": "0000000001"}, row | {"number": "0000009"}):
        data = composed(dict(asked.header), [row, extra])
        with pytest.raises(Refused, match="3行目は、この請求にない引落し"), transaction.atomic():
            take_debit_results(actor=CLERK, request=request, name="x.dat", data=data)
    assert standing(charge).outstanding == 30_000
    assert not ResultFile.objects.exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"client": "9999999999"}, "委託者コードまたは取引口座"),
        ({"number": "0000001"}, "委託者コードまたは取引口座"),
        ({"day": "1210"}, "引落日が12/10の結果データです"),
    ],
)
def test_the_results_of_another_town_account_or_day_are_refused(town: int, changed: dict[str, str], says: str) -> None:
    charge = debited(1)[0]
    request = requested()
    with pytest.raises(Refused, match=says) as refused, transaction.atomic():
        take_debit_results(actor=CLERK, request=request, name="x.dat", data=answered(request, ["0"], **changed))
    assert refused.value.field == "file"
    assert standing(charge).outstanding == 30_000


def test_a_result_that_is_no_code_and_wrong_sums_of_the_paid_are_refused(town: int) -> None:
    debited(1)
    request = requested()
    with pytest.raises(Refused, match="結果コード「5」は一覧にありません"), transaction.atomic():
        take(request, ["5"])
    data = answered(request, ["0"])
    wrong = data.replace(b"8000001000000030000000001", b"8000001000000030000000000")
    assert wrong != data
    with pytest.raises(Refused, match="合いません"), transaction.atomic():
        take_debit_results(actor=CLERK, request=request, name="x.dat", data=wrong)
    # The request itself, sent back unread: nothing was paid by it, its sums of the paid are 0.
    with pytest.raises(Refused, match="合いません"), transaction.atomic():
        take_debit_results(actor=CLERK, request=request, name="x.dat", data=bytes(request.content))


def test_a_trial_says_what_would_come_of_it_and_changes_nothing(town: int) -> None:
    charges = debited(2)
    request = requested()
    data = answered(request, ["0", "1"])
    tried = try_debit_results(actor=CLERK, request=request, name="x.dat", data=data)
    assert (tried.file, tried.paid, tried.unpaid, tried.by_match["matched"]) == (None, 1, 1, 1)
    assert not DebitResult.objects.exists()
    assert standing(charges[0]).outstanding == 30_000
    assert take_debit_results(actor=CLERK, request=request, name="x.dat", data=data).paid == 1


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


def test_a_debit_that_the_bank_took_back_is_undone_by_reversal(town: int) -> None:
    charge = debited(1)[0]
    take(requested(), ["0"])
    posting = Report.objects.get().posting
    assert posting is not None
    reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="組戻し")
    assert standing(charge).outstanding == 30_000


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


def test_a_mandate_holds_from_its_first_day_until_it_is_ended(town: int) -> None:
    charge = debited(1)[0]
    found = Mandate.objects.get()
    with pytest.raises(Refused, match="すでに登録されています"), transaction.atomic():
        mandate(charge.assessment.payer)
    for ends_on, reason, says in ((SINCE, "解約", "開始日より後"), (DUE, " ", "理由")):
        with pytest.raises(Refused, match=says), transaction.atomic():
            end_mandate(actor=CLERK, mandate=found, ends_on=ends_on, reason=reason)
    ended = end_mandate(actor=CLERK, mandate=Mandate.objects.get(), ends_on=date(2026, 12, 1), reason="解約")
    with pytest.raises(Refused, match="すでに終了"), transaction.atomic():
        end_mandate(actor=CLERK, mandate=ended, ends_on=date(2026, 12, 5), reason="解約")
    assert chargeable("905", DUE, date(2026, 11, 30)) == [charge]
    assert chargeable("905", DUE, date(2026, 12, 1)) == []
    # Ended, and another account from that day: both stand in the register.
    again = Mandate.objects.get()
    assert (again.valid.lower, again.valid.upper) == (SINCE, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"bank_code": "99"}, "bank_code"),
        ({"bank_code": "９９９０"}, "bank_code"),
        ({"branch_code": "1"}, "branch_code"),
        ({"number": "12345678"}, "number"),
        ({"number": ""}, "number"),
        ({"number": "12a"}, "number"),
        ({"kind": "4"}, "kind"),
        ({"holder": ""}, "holder"),
        ({"holder": "甲野　太郎"}, "holder"),
        ({"holder": "ア" * 31}, "holder"),
        ({"bank_name": "ア" * 16}, "bank_name"),
        ({"branch_name": "本店"}, "branch_name"),
    ],
)
def test_an_account_that_is_none_is_refused_by_its_field(town: int, said: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        mandate(payer(), **said)
    assert refused.value.field == field
    assert not Mandate.objects.exists()


def test_a_number_of_fewer_digits_is_filled_and_shown_with_its_last_three_only(town: int) -> None:
    found = mandate(payer(), number="12345")
    assert (found.number, found.masked, str(found)) == ("0012345", "****345", "****345")
    assert (found.holder, found.bank_name) == ("ｺｳﾉ ﾀﾛｳ", "ﾐﾎﾝ")
    assert len(found.customer) == 20


def test_whoever_pays_by_debit_gets_no_slip_of_a_run(town: int) -> None:
    first = debited(1)[0]
    second = charged(owner=payer("9"), reference="9", total_yen=500, due_on=[DUE])[0]
    other_fee = charged(owner=first.assessment.payer, fee="904", total_yen=500, due_on=[DUE])[0]
    late = charged(owner=first.assessment.payer, reference="z", total_yen=500, due_on=[SINCE - timedelta(days=30)])[0]
    assert list(without_a_slip("905", 2026, ())) == [second, late]
    assert list(without_a_slip("904", 2026, ())) == [other_fee]


def test_what_can_be_asked_for_is_listed_by_due_day_and_fee(town: int) -> None:
    charges = debited(2)
    assert [(one.fee, one.due_on, one.count, one.yen) for one in ready(SINCE, DUE)] == [("905", DUE, 2, 60_000)]
    revise(actor=CLERK, assessment=charges[0].assessment, total_yen=0, reason="取消し")
    assert [(one.count, one.yen) for one in ready(SINCE, DUE)] == [(1, 30_000)]
    requested()
    assert ready(SINCE, DUE) == []


def test_no_account_number_is_kept_in_the_audit(two_towns: str) -> None:
    with wall.within(TOWN):
        payer_id = debited(1)[0].assessment.payer_id
        take(requested(), ["0"])
    with wall.within(TOWN):
        entries = list(Entry.objects.filter(act__startswith="banking.").values())
        number = Mandate.objects.get().number
    assert {entry["act"] for entry in entries} >= {"banking.register_mandate", "banking.take_debit_results"}
    assert all(payer_id in entry["subjects"] for entry in entries if "settings" not in entry["act"])
    assert number not in repr(entries)


def test_the_results_of_another_town_are_refused_and_neither_sees_the_others_requests(two_towns: str) -> None:
    with wall.within(OTHER_TOWN):
        foreign = debited(1)[0]
        change_bank_settings(actor=CLERK, account=account(holder="ア"), debit_client="5001", transfer_client="5002")
        theirs = answered(requested(), ["0"])
    with wall.within(TOWN):
        ours, own = debited(1)[0], requested()
        with pytest.raises(Refused, match="委託者コード"), transaction.atomic():
            take_debit_results(actor=CLERK, request=own, name="x", data=theirs)
        assert standing(ours).outstanding == 30_000
        assert (Mandate.objects.count(), DebitRequest.objects.count()) == (1, 1)
    with wall.within(OTHER_TOWN):
        assert standing(foreign).outstanding == 30_000


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


@pytest.mark.parametrize("table", ["debitrequest", "debititem", "debitresult", "resultfile", "mandate"])
def test_what_the_bank_was_asked_and_answered_is_never_changed(committed_db: str, table: str) -> None:
    with wall.within(TOWN):
        debited(1)
        take(requested(), ["0"])
    for act in (f"UPDATE banking_{table} SET id = id + 1", f"DELETE FROM banking_{table}"):
        with pytest.raises(DatabaseError), wall.within(TOWN), connection.cursor() as cursor:
            cursor.execute(act)


def test_an_unknown_fee_is_refused(town: int) -> None:
    town_known_to_its_bank()
    with pytest.raises(Refused, match="料金項目"), transaction.atomic():
        requested(fee="000")
    with pytest.raises(Refused, match="料金項目"), transaction.atomic():
        mandate(payer(), fee="000")
