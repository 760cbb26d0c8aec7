"""Money as it arrives: late, twice, short, cancelled (収納の試験)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Channel, Charge, CollectionFile, Posting, Report
from municipal.payments.operations import (
    apply,
    identify,
    issue_slips,
    refund,
    reissue_slip,
    reverse,
    revise,
    settle,
    take_in,
    try_out,
    withdraw_slip,
    write_off,
)

from .booking import CLERK, charged, file_of, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def charge(town: int) -> Charge:
    return charged(total_yen=30_000, due_on=[date(2026, 6, 30)])[0]


def standing(charge: Charge) -> Standing:
    return of_charges([charge.pk])[charge.pk]


def results(taken_in: object) -> dict[str, int]:
    return {name: count for name, count in taken_in.by_match.items() if count}  # type: ignore[attr-defined]


def test_a_confirmed_report_pays_the_charge(charge: Charge) -> None:
    slip = slip_of(charge)
    assert results(taken(report(slip.number, 30_000))) == {"matched": 1}
    assert standing(charge) == Standing(charged=30_000, applied=30_000)
    assert books().broken() == []


def test_the_same_file_is_refused_and_the_same_report_in_another_changes_nothing(charge: Charge) -> None:
    slip = slip_of(charge)
    line = report(slip.number, 30_000)
    taken(line)
    with pytest.raises(Refused, match="すでに取り込まれ"), transaction.atomic():
        taken(line)
    again = taken(line, line, report("9" * 20, 5))
    assert (again.repeated, results(again)) == (2, {"unknown": 1})
    assert standing(charge).applied == 30_000
    assert CollectionFile.objects.count() == 2


def test_a_provisional_report_books_nothing(charge: Charge) -> None:
    slip = slip_of(charge)
    assert results(taken(report(slip.number, 30_000, stage="provisional"))) == {"noted": 1}
    assert standing(charge).outstanding == 30_000


def test_provisional_cancelled_then_paid_elsewhere_is_applied_once(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(
        report(slip.number, 30_000, stage="provisional"),
        report(slip.number, 30_000, stage="cancelled"),
        report(slip.number, 30_000, channel="app", reference="B7"),
    )
    assert standing(charge) == Standing(charged=30_000, applied=30_000)


def test_a_cancellation_after_the_confirmation_takes_the_booking_back(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(report(slip.number, 30_000))
    taken(report(slip.number, 30_000, stage="cancelled"))
    assert standing(charge).outstanding == 30_000
    assert Posting.objects.filter(reverses__isnull=False).count() == 1
    # Paid again afterwards: not twice, since the first is gone.
    assert results(taken(report(slip.number, 30_000, reference="A2"))) == {"matched": 1}
    assert books().broken() == []


def test_confirmed_and_taken_back_in_one_file_leaves_nothing_paid(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(report(slip.number, 30_000), report(slip.number, 30_000, stage="cancelled"))
    assert standing(charge) == Standing(charged=30_000, outstanding=30_000)
    assert Posting.objects.filter(reverses__isnull=False).count() == 1


def test_money_that_was_refunded_is_not_taken_back_by_itself(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(report(slip.number, 30_000))
    revise(actor=CLERK, assessment=charge.assessment, total_yen=1_000, reason="更正")
    refund(actor=CLERK, charge=charge, yen=29_000)
    assert results(taken(report(slip.number, 30_000, stage="cancelled"))) == {"contested": 1}
    assert standing(charge) == Standing(charged=1_000, applied=1_000, refunded=29_000)


def test_money_for_nobody_is_taken_back_unless_its_owner_was_found(charge: Charge) -> None:
    number = "9" * 20
    taken(report(number, 500), report(number, 700, reference="A2"))
    taken(report(number, 500, stage="cancelled"))
    assert books().suspense == 700
    identify(actor=CLERK, report=Report.objects.get(reference="A2", stage="confirmed"), charge=charge)
    assert results(taken(report(number, 700, stage="cancelled", reference="A2"))) == {"contested": 1}
    assert books().broken() == []


def test_store_and_app_both_make_the_second_an_over_payment(charge: Charge) -> None:
    slip = slip_of(charge)
    found = taken(report(slip.number, 30_000), report(slip.number, 30_000, channel="app", reference="B7"))
    assert results(found) == {"matched": 1, "twice": 1}
    assert standing(charge) == Standing(charged=30_000, applied=30_000, overpaid=30_000)


def test_another_amount_is_booked_and_shown_to_a_clerk(charge: Charge) -> None:
    slip = slip_of(charge)
    assert results(taken(report(slip.number, 12_000))) == {"differs": 1}
    assert standing(charge).outstanding == 18_000


def test_the_old_number_of_a_reissued_slip_still_finds_the_charge(charge: Charge) -> None:
    old = slip_of(charge)
    new = reissue_slip(actor=CLERK, slip=old, pay_until=date(2026, 12, 25))
    assert (new.reissue, new.supersedes_id) == (1, old.pk)
    assert new.number != old.number
    withdraw_slip(actor=CLERK, slip=old, reason="再発行")
    taken(report(old.number, 30_000))
    assert standing(charge).outstanding == 0
    with pytest.raises(Refused, match="納付済み"), transaction.atomic():
        reissue_slip(actor=CLERK, slip=new, pay_until=date(2026, 12, 25))


def test_a_slip_has_one_successor_and_one_withdrawal(charge: Charge) -> None:
    old = slip_of(charge)
    reissue_slip(actor=CLERK, slip=old, pay_until=date(2026, 12, 25))
    withdraw_slip(actor=CLERK, slip=old, reason="誤り")
    with pytest.raises(Refused), transaction.atomic():
        reissue_slip(actor=CLERK, slip=old, pay_until=date(2026, 12, 25))
    with pytest.raises(Refused), transaction.atomic():
        withdraw_slip(actor=CLERK, slip=old, reason="もう一度")
    with pytest.raises(Refused), transaction.atomic():
        issue_slips(actor=CLERK, charges=[charge], pay_until=NOON.date() - timedelta(days=1))
    assert issue_slips(actor=CLERK, charges=[charge], pay_until=NOON.date()) == []


def test_money_for_a_number_nobody_knows_waits_until_somebody_says_whose_it_is(charge: Charge) -> None:
    taken(report("9" * 20, 31_000))
    assert books().suspense == 31_000
    found = Report.objects.get()
    identify(actor=CLERK, report=found, charge=charge)
    assert standing(charge) == Standing(charged=30_000, applied=30_000, overpaid=1_000)
    with pytest.raises(Refused), transaction.atomic():
        identify(actor=CLERK, report=found, charge=charge)
    assert books().broken() == []


def test_reduced_after_payment_is_refunded_and_a_returned_transfer_reopens_it(charge: Charge) -> None:
    taken(report(slip_of(charge).number, 30_000))
    revise(actor=CLERK, assessment=charge.assessment, total_yen=12_000, reason="更正")
    paid_back = refund(actor=CLERK, charge=charge, yen=18_000)
    assert standing(charge) == Standing(charged=12_000, applied=12_000, refunded=18_000)
    with pytest.raises(Refused), transaction.atomic():
        refund(actor=CLERK, charge=charge, yen=1)
    reverse(actor=CLERK, posting=paid_back, booked_on=clock.today(), reason="組戻し")
    assert standing(charge).overpaid == 18_000
    refund(actor=CLERK, charge=charge, yen=18_000)
    assert books().broken() == []


def test_an_over_payment_pays_another_charge_of_the_same_payer_only(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(report(slip.number, 45_000))
    other = charged(owner=charge.assessment.payer, fee="904", total_yen=10_800, due_on=[date(2026, 6, 1)])[0]
    apply(actor=CLERK, of=charge, to=other, yen=10_800)
    assert standing(other).outstanding == 0
    assert standing(charge).overpaid == 4_200
    for yen in (0, 4_201):
        with pytest.raises(Refused), transaction.atomic():
            apply(actor=CLERK, of=charge, to=other, yen=yen)
    assert books().broken() == []


def test_what_is_written_off_is_owed_no_more(charge: Charge) -> None:
    write_off(actor=CLERK, charge=charge, reason="stay_at_once")
    assert standing(charge) == Standing(charged=30_000, written_off=30_000)
    with pytest.raises(Refused), transaction.atomic():
        write_off(actor=CLERK, charge=charge, reason="stay_at_once")


def test_paid_at_a_store_on_31_may_the_money_comes_on_8_june(charge: Charge) -> None:
    taken(report(slip_of(charge).number, 30_000, paid_on="2026-05-31"))
    assert books().balances["in_transit"] == 30_000
    settle(actor=CLERK, channel=Channel.STORE, reference="S1", yen=30_000, credited_on=date(2026, 6, 8))
    assert (books().balances["in_transit"], books().balances["cash"]) == (0, 30_000)
    assert Report.objects.get().paid_on == date(2026, 5, 31)
    with pytest.raises(Refused, match="すでに"), transaction.atomic():
        settle(actor=CLERK, channel=Channel.STORE, reference="S1", yen=30_000, credited_on=date(2026, 6, 8))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"yen": "0"}, "yen"),
        ({"yen": "-5"}, "yen"),
        ({"yen": "1000000000000"}, "yen"),
        ({"yen": "１００"}, "yen"),
        ({"yen": "1e5"}, "yen"),
        ({"number": "123"}, "number"),
        ({"number": "9" * 19 + "x"}, "number"),
        ({"paid_on": "2026-02-30"}, "paid_on"),
        ({"paid_on": "20261119"}, "paid_on"),
        ({"channel": "pigeon"}, "channel"),
        ({"stage": ""}, "stage"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 41}, "reference"),
        ({"place": "a\x00b"}, "place"),
        ({"credited_on": "2026-13-01"}, "credited_on"),
    ],
)
def test_a_bad_line_is_named_and_nothing_of_it_is_booked(charge: Charge, said: dict[str, str], field: str) -> None:
    slip = slip_of(charge)
    found = taken(report(slip.number, 30_000) | said, report(slip.number, 100, reference="ok"))
    assert [(bad.line, bad.field) for bad in found.bad] == [(2, field)]
    assert standing(charge).outstanding == 29_900


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", "納付番号\n".encode("cp932"), b"a,b,c\n", b"PK\x03\x04" + b"\x00" * 50]
)
def test_a_file_that_is_none_is_refused_whole(town: int, data: bytes) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        take_in(actor=CLERK, name="x.csv", data=data)
    assert refused.value.field == "file"
    assert not CollectionFile.objects.exists()


def test_a_file_cut_at_every_sixteenth_is_refused_whole(charge: Charge) -> None:
    slip = slip_of(charge)
    lines = [report(slip.number, 100, reference=f"R{number}") for number in range(20)]
    whole = file_of(*lines)
    for part in range(1, 16):
        with pytest.raises(Refused, match="途中で切れ"), transaction.atomic():
            take_in(actor=CLERK, name="cut.csv", data=whole[: len(whole) * part // 16])
    assert not Report.objects.exists()


def test_a_slip_paid_twice_and_taken_back_once_is_paid_still(charge: Charge) -> None:
    slip = slip_of(charge)
    taken(report(slip.number, 30_000), report(slip.number, 30_000, reference="A2"))
    again = taken(report(slip.number, 30_000, stage="cancelled"), report(slip.number, 30_000, reference="A3"))
    assert results(again) == {"noted": 1, "twice": 1}
    assert standing(charge) == Standing(charged=30_000, applied=30_000, overpaid=30_000)


def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(charge: Charge) -> None:
    slip = slip_of(charge)
    lines = [report(slip.number, 100, reference=f"R{number}") for number in range(20)]
    lines += [
        report("9" * 20, 5),
        report("9" * 20, 5),
        report(slip.number, 0),
        report(slip.number, 5, stage="cancelled"),
    ]
    tried = try_out("whole.csv", file_of(*lines))
    assert not CollectionFile.objects.exists()
    assert not Report.objects.exists()
    made = taken(*lines)
    assert (tried.by_match, tried.rows) == (made.by_match, made.rows)
    assert [row.line for row in made.rows] == list(range(2, 26))
    assert [row.result for row in made.rows[20:]] == ["unknown", "repeated", "bad", "noted"]


def test_a_number_of_another_town_is_nobody_s(two_towns: str) -> None:
    with wall.within(OTHER_TOWN):
        foreign = slip_of(charged(total_yen=500, due_on=[date(2026, 6, 30)])[0])
    with wall.within(TOWN):
        ours = slip_of(charged(total_yen=500, due_on=[date(2026, 6, 30)])[0])
        assert ours.number == foreign.number
        assert results(taken(report(foreign.number, 500))) == {"matched": 1}
    with wall.within(OTHER_TOWN):
        assert standing(foreign.charge).outstanding == 500
