"""What the bank answers: in part, twice, wrongly, for another town (口座振替の結果の試験)."""

import pytest
from django.db import transaction

from conftest import OTHER_TOWN, TOWN
from municipal.banking.models import DebitRequest, DebitResult, Mandate, ResultFile
from municipal.banking.operations import (
    change_bank_settings,
    take_debit_results,
    try_debit_results,
)
from municipal.banking.zengin.files import read
from municipal.banking.zengin.layouts import DEBIT
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import Standing
from municipal.payments.models import Report
from municipal.payments.operations import reverse
from municipal.payments.tests.booking import CLERK, charged, payer

from .bank import DUE, account, answered, composed, debited, mandate, requested, standing, take, town_known_to_its_bank


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


def test_a_debit_that_the_bank_took_back_is_undone_by_reversal(town: int) -> None:
    charge = debited(1)[0]
    take(requested(), ["0"])
    posting = Report.objects.get().posting
    assert posting is not None
    reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="組戻し")
    assert standing(charge).outstanding == 30_000


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
