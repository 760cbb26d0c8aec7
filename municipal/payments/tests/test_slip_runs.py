"""Slips for everybody: whom a run reaches, in which order, into which file (納付書の一括発行の試験)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.conformance.commands import main
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.payments import jobs
from municipal.payments.models import Charge, PrintOrder, RunSlip, Slip, SlipRun
from municipal.payments.operations import issue_slips, print_run_again, reissue_slip, revise
from municipal.payments.printing import COUNTER, MAIL, place_of

from .booking import CLERK, charged, collected
from .slip_runs import NOON, PEOPLE, carried_out, order_of, ordered, owing, resident, words


@pytest.fixture(autouse=True)
def _today(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KIJUN_PAYMENTS = tmp_path / "payments"
    with clock.stopped_at(NOON):
        yield


def test_everybody_who_owes_gets_a_slip_for_each_instalment_in_one_file(town: int) -> None:
    owing(*PEOPLE)
    run = ordered()
    job = carried_out(run)
    assert (job.state, job.done, job.total, job.errors) == ("done", 6, 6, 0)
    assert order_of(run) == [(1, "5", 1), (2, "5", 2), (3, "12", 1), (4, "12", 2), (5, "31", 1), (6, "31", 2)]
    numbers = list(RunSlip.objects.filter(run=run).order_by("position").values_list("slip__number", flat=True))
    assert numbers == sorted(numbers)
    file = pypdfium2.PdfDocument(place_of(run))
    assert len(file) == 7
    assert "見本" in file[0].get_textpage().get_text_range()
    assert not place_of(run, COUNTER).exists()
    assert main(["qr", str(place_of(run))]) == 0


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (PrintOrder.NUMBER, ["5", "12", "31"]),
        (PrintOrder.KANA, ["5", "31", "12"]),
        (PrintOrder.POSTAL, ["5", "12", "31"]),
        (PrintOrder.REFERENCE, ["31", "5", "12"]),
    ],
)
def test_a_run_is_printed_in_the_order_that_was_asked_for(town: int, order: str, expected: list[str]) -> None:
    owing(*PEOPLE)
    run = ordered(order=order)
    carried_out(run)
    assert [payer for _, payer, _ in order_of(run)][::2] == expected


def test_only_the_instalments_that_were_asked_for_get_slips_and_the_others_later(town: int) -> None:
    owing(*PEOPLE)
    first = ordered(periods=[2])
    carried_out(first)
    assert [period for _, _, period in order_of(first)] == [2, 2, 2]
    second = ordered()
    carried_out(second)
    assert [period for _, _, period in order_of(second)] == [1, 1, 1]
    with pytest.raises(Refused, match="ありません"):
        ordered()


def test_what_is_paid_or_has_a_slip_is_left_out_and_the_places_have_no_gap(town: int) -> None:
    owing(*PEOPLE)
    paid, has_one = Charge.objects.order_by("pk")[1], Charge.objects.order_by("pk")[2]
    collected(paid, paid.yen, "test")
    issue_slips(actor=CLERK, charges=[has_one])
    run = ordered()
    carried_out(run)
    assert [place for place, _, _ in order_of(run)] == [1, 2, 3, 4]
    assert Slip.objects.filter(charge=has_one).count() == 1
    assert not Slip.objects.filter(charge=paid).exists()


def test_a_run_printed_again_is_the_same_file_to_the_byte(town: int) -> None:
    owing(*PEOPLE)
    run = ordered()
    carried_out(run)
    before = place_of(run).read_bytes()
    with clock.stopped_at(NOON + timedelta(days=3)):
        carried_out(run, print_run_again(actor=CLERK, run=run))
    assert place_of(run).read_bytes() == before


def test_a_protected_payers_slip_lies_in_the_file_for_the_counter_without_the_address(town: int) -> None:
    owing(*PEOPLE)
    hidden = Addressee.objects.get(number="12")
    protect(actor=CLERK, addressee=hidden, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), is_own=True)
    run = ordered()
    carried_out(run)
    assert "甲野　12" not in words(place_of(run))
    counter = words(place_of(run, COUNTER))
    assert "甲野　12　様" in counter
    assert "窓口でお渡しします" in counter
    assert "12番地" not in counter + words(place_of(run))
    assert {one.slip.charge.assessment.payer_id for one in run.counter.all()} == {hidden.pk}
    assert run.counter.count() == 2
    assert main(["qr", str(place_of(run, COUNTER))]) == 0


def test_a_file_for_the_counter_goes_when_nobody_is_left_in_it(town: int, settings: Any) -> None:
    owing(PEOPLE[0])
    run = ordered()
    carried_out(run)
    place_of(run, COUNTER).write_bytes(b"of before")
    carried_out(run, print_run_again(actor=CLERK, run=run))
    assert not place_of(run, COUNTER).exists()


def test_nobody_owing_is_said_in_one_sentence_and_makes_no_file(town: int) -> None:
    owing(PEOPLE[0])
    for charge in Charge.objects.all():
        collected(charge, charge.yen, f"test {charge.pk}")
    run = ordered()
    job = carried_out(run)
    assert [row.sentence for row in job.error_rows.all()] == [jobs.NOTHING_OWED]
    assert not place_of(run).exists()


def test_letters_that_the_typeface_lacks_are_told(town: int) -> None:
    owing(PEOPLE[0])
    Addressee.objects.update(name="甲\U000f0000野")
    job = carried_out(ordered())
    assert [row.sentence for row in job.error_rows.all()] == [jobs.LETTERS_LACK]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"fee": "999"}, "fee"),
        ({"fee": "902"}, "fee"),
        ({"levy_year": 2025}, "fee"),
        ({"order": "weight"}, "order"),
        ({"periods": [0]}, "periods"),
        ({"periods": [100]}, "periods"),
        ({"periods": [3]}, "fee"),
        ({"pay_until": date(2026, 11, 19)}, "pay_until"),
    ],
)
def test_a_run_that_cannot_be_is_refused_and_orders_nothing(town: int, said: dict[str, Any], field: str) -> None:
    owing(PEOPLE[0])
    with pytest.raises(Refused) as refused:
        ordered(**said)
    assert refused.value.field == field
    assert not Job.objects.exists()


def test_no_slip_ends_before_its_due_day(town: int) -> None:
    owing(PEOPLE[0])
    carried_out(ordered(pay_until=date(2026, 12, 15)))
    assert list(Slip.objects.order_by("pk").values_list("pay_until", flat=True)) == [
        date(2026, 12, 15),
        date(2027, 2, 1),
    ]


def test_without_a_last_day_a_slip_is_taken_for_forty_days_after_its_due_day_or_after_today(town: int) -> None:
    charges = charged(owner=resident("1"), due_on=[date(2026, 6, 30), date(2026, 12, 1)])
    made = issue_slips(actor=CLERK, charges=charges)
    assert [slip.pay_until for slip in made] == [date(2026, 12, 30), date(2027, 1, 10)]
    assert reissue_slip(actor=CLERK, slip=made[1]).pay_until == date(2027, 1, 10)


def test_a_corrected_amount_never_uses_a_code_again(town: int) -> None:
    (charge,) = charged(owner=resident("1"), total_yen=20_000, due_on=[date(2026, 12, 1)])
    before = issue_slips(actor=CLERK, charges=[charge])[0]
    revise(actor=CLERK, assessment=charge.assessment, total_yen=15_000, reason="更正")
    after = reissue_slip(actor=CLERK, slip=before)
    assert (before.yen, after.yen) == (20_000, 15_000)
    assert after.number != before.number
    assert place_of(SlipRun(pk=1, municipality_id=town), MAIL).name == "slips-000001-mail.pdf"
