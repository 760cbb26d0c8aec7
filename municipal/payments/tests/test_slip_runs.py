"""Slips for everybody: no number twice, none left out, whatever happens in between (納付書の一括発行の試験)."""

import errno
import os
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, connections, transaction

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.conformance.commands import main
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs as office
from municipal.office.models import Job
from municipal.payments import jobs, printing
from municipal.payments.models import Assessment, Charge, PrintOrder, RunSlip, Slip, SlipRun
from municipal.payments.operations import (
    issue_slips,
    order_slip_run,
    print_run_again,
    reissue_slip,
    revise,
)
from municipal.payments.paper.run import SlipFile
from municipal.payments.printing import COUNTER, MAIL, place_of

from .booking import CLERK, charged, collected

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
PEOPLE = (("31", "コウノ", "9990003"), ("5", "オツノ", "9990001"), ("12", "ヘイノ", "9990002"))


@pytest.fixture(autouse=True)
def _today(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KIJUN_PAYMENTS = tmp_path / "payments"
    with clock.stopped_at(NOON):
        yield


def resident(number: str, kana: str = "コウノ", postal: str = "9990001") -> Addressee:
    return Addressee.objects.create(
        number=number, kind="non_resident", name=f"甲野　{number}", kana=kana, mailing_postal_code=postal,
        mailing_prefecture="架空県", mailing_city="架空市", mailing_block="松町", mailing_lot=f"{number}番地",
    )  # fmt: skip


def owing(*people: tuple[str, str, str]) -> None:
    """Each of ``people`` owes two instalments of 2026."""
    for at, (number, kana, postal) in enumerate(people, start=Assessment.objects.count()):
        charged(
            owner=resident(number, kana, postal), fee="901", reference=f"{at:04d}", total_yen=20_000,
            due_on=[date(2026, 12, 1), date(2027, 2, 1)],
        )  # fmt: skip


def ordered(**said: Any) -> SlipRun:
    asked: dict[str, Any] = {"fee": "901", "levy_year": 2026} | said
    return order_slip_run(actor=CLERK, **asked)


def carried_out(run: SlipRun, job: Job | None = None) -> Job:
    """The run's job to its end, in steps as a worker takes them."""
    office.run(TOWN, (job or run.job).pk)
    found: Job = Job.objects.get(pk=(job or run.job).pk)
    return found


def order_of(run: SlipRun) -> list[tuple[int, str, int]]:
    lines = RunSlip.objects.filter(run=run).order_by("position")
    return list(lines.values_list("position", "slip__charge__assessment__payer__number", "slip__charge__period"))


def words(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


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


@pytest.mark.parametrize("step", range(1, 8))
def test_a_run_killed_at_any_step_goes_on_without_a_gap_or_a_double(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    monkeypatch.setattr(printing, "AT_ONCE", 2)
    with wall.within(TOWN):
        owing(*PEOPLE)
        run = ordered()
    calls = iter(range(1, 100))

    def dying(*args: Any) -> Any:
        if next(calls) == step:
            raise KeyboardInterrupt
        return taken(*args)

    taken = office._step
    monkeypatch.setattr(office, "_step", dying)
    with pytest.raises(KeyboardInterrupt):
        office.run(TOWN, run.job_id)
    office.run(TOWN, run.job_id)
    with wall.within(TOWN):
        assert Job.objects.get(pk=run.job_id).state == "done"
        assert [place for place, _, _ in order_of(run)] == [1, 2, 3, 4, 5, 6]
        assert sorted(Slip.objects.values_list("charge", flat=True)) == sorted(
            Charge.objects.values_list("pk", flat=True)
        )
    assert len(pypdfium2.PdfDocument(place_of(run))) == 7
    assert [path.name for path in place_of(run).parent.iterdir()] == [place_of(run).name]


def test_what_is_charged_while_a_killed_run_prints_is_not_slipped_into_it(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wall.within(TOWN):
        owing(*PEOPLE[:2])
        run = ordered()
    monkeypatch.setattr(jobs, "in_groups", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        office.run(TOWN, run.job_id)
    monkeypatch.undo()
    with wall.within(TOWN):
        owing(PEOPLE[2])
    office.run(TOWN, run.job_id)
    with wall.within(TOWN):
        assert run.lines.count() == 4


def _interrupted(*args: Any) -> Any:
    raise KeyboardInterrupt


def test_two_runs_at_once_give_every_charge_one_slip(committed_db: str) -> None:
    with wall.within(TOWN):
        owing(*PEOPLE)
        runs = [ordered(), ordered(order=PrintOrder.KANA)]

    def work(job: int) -> None:
        with clock.stopped_at(NOON):
            office.run(TOWN, job)
        connections.close_all()

    workers = [threading.Thread(target=work, args=(run.job_id,)) for run in runs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with wall.within(TOWN):
        assert Slip.objects.count() == Charge.objects.count() == RunSlip.objects.count() == 6
        assert {Job.objects.get(pk=run.job_id).state for run in runs} == {"done"}


def test_the_database_itself_forbids_two_first_slips_of_one_charge(town: int) -> None:
    (charge,) = charged(due_on=[date(2026, 12, 1)])
    made = issue_slips(actor=CLERK, charges=[charge])[0]
    twin = {"charge": charge, "confirmation": "000000", "yen": 1, "pay_until": date(2027, 1, 1), "issued_at": NOON}
    with pytest.raises(IntegrityError, match="charge_has_one_first_slip"), transaction.atomic():
        Slip.objects.create(number="9" * 20, **twin)
    assert Slip.objects.create(number="8" * 20, supersedes=made, reissue=1, **twin).supersedes == made


@pytest.mark.parametrize("when", ["writing", "completing"])
def test_a_full_disk_leaves_nothing_half_made_and_the_run_can_be_printed_again(
    town: int, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    owing(*PEOPLE)
    run = ordered()
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuses(*args: object) -> None:
        raise full

    with monkeypatch.context() as broken:
        if when == "writing":
            broken.setattr(SlipFile, "add", refuses)
        else:
            broken.setattr(os, "fsync", refuses)
        job = carried_out(run)
    assert (job.state, job.errors) == ("done", 1)
    assert [row.sentence for row in job.error_rows.all()] == [jobs.DISK_FULL]
    assert list(place_of(run).parent.iterdir()) == []
    assert run.lines.count() == 6
    again = print_run_again(actor=CLERK, run=run)
    with pytest.raises(Refused, match="処理中"):
        print_run_again(actor=CLERK, run=run)
    assert carried_out(run, again).errors == 0
    assert place_of(run).is_file()


def test_a_full_disk_keeps_the_file_that_was_there(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    owing(*PEOPLE)
    run = ordered()
    carried_out(run)
    before = place_of(run).read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(SlipFile, "add", _no_space)
        carried_out(run, print_run_again(actor=CLERK, run=run))
    assert place_of(run).read_bytes() == before


def _no_space(*args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


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
