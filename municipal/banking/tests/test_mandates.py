"""Who agreed to be debited, from which account, until when (口座振替依頼の試験)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.banking.debits import chargeable
from municipal.banking.models import Mandate
from municipal.banking.operations import (
    end_mandate,
)
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.ordering import without_a_slip
from municipal.payments.tests.booking import CLERK, charged, payer

from .bank import DUE, SINCE, debited, mandate, requested, take, town_known_to_its_bank


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
    assert list(without_a_slip("905", 2026, ())) == [second.pk, late.pk]
    assert list(without_a_slip("904", 2026, ())) == [other_fee.pk]


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
