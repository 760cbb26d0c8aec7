"""What waits for a clerk, what can be decided, and how it comes back when that is undone (照合待ちの試験)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments import queues
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Act, Charge, Decision, PostingKind, Report
from municipal.payments.operations import decide, identify, refund, undo_decision

from .booking import CLERK, charged, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def charge(town: int) -> Charge:
    return charged(total_yen=30_000, due_on=[date(2026, 6, 30)])[0]


@pytest.fixture
def twice(charge: Charge) -> Report:
    """Paid at a store and by an app: the second is too much."""
    number = slip_of(charge).number
    taken(report(number, 30_000), report(number, 30_000, channel="app", reference="B7"))
    return Report.objects.get(reference="B7")


def other(charge: Charge) -> Charge:
    return charged(owner=charge.assessment.payer, fee="904", total_yen=10_800, due_on=[date(2026, 6, 1)])[0]


def counts() -> dict[str, tuple[int, int]]:
    return {one.queue: (one.count, one.yen) for one in queues.overview() if one.count}


def rest_of(found: Report) -> int:
    return int(queues.cases(Q(pk=found.pk)).get().rest)


def test_an_empty_town_waits_for_nobody(town: int) -> None:
    assert [(one.queue, one.count, one.days) for one in queues.overview()] == [(name, 0, 0) for name in queues.QUEUES]


def test_every_report_that_does_not_simply_match_waits_in_its_queue(twice: Report, charge: Charge) -> None:
    short = slip_of(other(charge))
    taken(
        report(short.number, 800, reference="S1"),
        report("9" * 20, 500, reference="U1", paid_on="2026-11-10"),
        report(short.number, 10_800, stage="provisional", reference="P1", paid_on="2026-11-05"),
        report(short.number, 10_800, stage="provisional", reference="P2", paid_on="2026-11-18"),
        report("8" * 20, 700, stage="provisional", reference="P3"),
        report("8" * 20, 700, stage="cancelled", reference="P9"),
    )
    assert counts() == {
        "twice": (1, 30_000), "differs": (1, 800), "unknown": (1, 500), "unconfirmed": (1, 10_800),
    }  # fmt: skip
    oldest = {one.queue: one.days for one in queues.overview()}
    assert (oldest["unknown"], oldest["unconfirmed"]) == (10, 15)


def test_a_provisional_report_waits_no_more_once_it_is_confirmed_or_taken_back(charge: Charge) -> None:
    number = slip_of(charge).number
    old = {"stage": "provisional", "paid_on": "2026-10-01"}
    taken(report(number, 30_000, **old), report(number, 30_000, reference="A2", **old))
    assert counts() == {"unconfirmed": (2, 60_000)}
    taken(report(number, 30_000, paid_on="2026-10-01"), report(number, 30_000, reference="A2", stage="cancelled"))
    assert counts() == {}


def test_an_over_payment_is_refunded_and_the_returned_transfer_opens_the_case_again(twice: Report) -> None:
    made = decide(actor=CLERK, report=twice, act=Act.REFUNDED, yen=30_000, reason="二重納付のため")
    assert made.posting is not None
    assert made.posting.kind == PostingKind.REFUND
    assert counts() == {}
    undo_decision(actor=CLERK, decision=made, reason="口座番号の誤り")
    assert counts() == {"twice": (1, 30_000)}
    again = decide(actor=CLERK, report=twice, act=Act.REFUNDED, yen=30_000, reason="正しい口座へ")
    assert counts() == {}
    assert again.pk != made.pk
    assert books().broken() == []


def test_a_part_is_applied_and_the_case_stays_open_for_the_rest(twice: Report, charge: Charge) -> None:
    debt = other(charge)
    decide(actor=CLERK, report=twice, act=Act.APPLIED, yen=10_800, charge=debt, reason="本人の申出")
    assert of_charges([debt.pk])[debt.pk].outstanding == 0
    assert counts() == {"twice": (1, 19_200)}
    with pytest.raises(Refused) as refused, transaction.atomic():
        decide(actor=CLERK, report=twice, act=Act.REFUNDED, yen=19_201, reason="多すぎる")
    assert refused.value.field == "yen"
    decide(actor=CLERK, report=twice, act=Act.LEFT, reason="翌期に充てる申出")
    assert counts() == {}
    assert books().broken() == []


def test_what_was_given_back_in_another_way_is_decided_too(twice: Report, charge: Charge) -> None:
    refund(actor=CLERK, charge=charge, yen=12_000)
    assert rest_of(twice) == 18_000
    refund(actor=CLERK, charge=charge, yen=18_000)
    assert counts() == {}


def test_money_for_nobody_finds_its_owner_loses_him_and_finds_another(charge: Charge) -> None:
    taken(report("9" * 20, 30_000))
    found, debt = Report.objects.get(), other(charge)
    wrong = decide(actor=CLERK, report=found, act=Act.IDENTIFIED, charge=debt, reason="通帳で確認")
    assert (wrong.yen, of_charges([debt.pk])[debt.pk].overpaid) == (30_000, 19_200)
    with pytest.raises(Refused), transaction.atomic():
        identify(actor=CLERK, report=found, charge=charge)
    undo_decision(actor=CLERK, decision=wrong, reason="別人でした")
    assert counts() == {"unknown": (1, 30_000)}
    decide(actor=CLERK, report=found, act=Act.IDENTIFIED, charge=charge, reason="本人に確認")
    assert of_charges([charge.pk])[charge.pk].outstanding == 0
    assert of_charges([debt.pk])[debt.pk].outstanding == 10_800
    assert (counts(), books().broken()) == ({}, [])


def test_money_whose_owner_was_lost_again_can_be_taken_back_by_its_channel(charge: Charge) -> None:
    taken(report("9" * 20, 30_000))
    made = decide(actor=CLERK, report=Report.objects.get(), act=Act.IDENTIFIED, charge=charge, reason="確認")
    undo_decision(actor=CLERK, decision=made, reason="誤り")
    assert taken(report("9" * 20, 30_000, stage="cancelled")).by_match["noted"] == 1
    assert (books().suspense, counts()) == (0, {})


def test_money_for_nobody_goes_back_to_its_channel(town: int) -> None:
    taken(report("9" * 20, 500))
    made = decide(actor=CLERK, report=Report.objects.get(), act=Act.RETURNED, reason="他団体の納付書")
    assert (books().suspense, books().total.refunded, counts()) == (0, 500, {})
    undo_decision(actor=CLERK, decision=made, reason="返せなかった")
    assert (books().suspense, counts()) == (500, {"unknown": (1, 500)})
    decide(actor=CLERK, report=Report.objects.get(), act=Act.RETURNED, reason="もう一度")
    assert (counts(), books().broken()) == ({}, [])


def test_a_cancellation_that_cannot_be_booked_is_left_with_a_reason_and_can_be_taken_up_again(twice: Report) -> None:
    decide(actor=CLERK, report=twice, act=Act.REFUNDED, yen=30_000, reason="還付")
    refund_of = Report.objects.get(reference="A1")
    undone = taken(report(refund_of.number, 30_000, channel="app", reference="B7", stage="cancelled"))
    assert undone.by_match["noted"] == 1  # What is still applied is taken back ...
    contested = taken(report(refund_of.number, 30_000, stage="cancelled"))
    assert contested.by_match["contested"] == 1  # ... and then nothing is left.
    found = Report.objects.get(match="contested")
    with pytest.raises(Refused), transaction.atomic():
        decide(actor=CLERK, report=found, act=Act.REFUNDED, yen=1, reason="できない")
    made = decide(actor=CLERK, report=found, act=Act.RETURNED, reason="収納機関に照会")
    assert (made.posting, counts()) == (None, {})
    undo_decision(actor=CLERK, decision=made, reason="回答あり")
    assert counts() == {"contested": (1, 30_000)}
    with pytest.raises(Refused, match="すでに"), transaction.atomic():
        undo_decision(actor=CLERK, decision=made, reason="二度")
    with pytest.raises(Refused), transaction.atomic():
        undo_decision(actor=CLERK, decision=Decision.objects.get(act="undone"), reason="取消しの取消し")
    assert books().broken() == []


@pytest.mark.parametrize(
    ("act", "said", "field"),
    [
        (Act.REFUNDED, {"yen": 30_000, "reason": " "}, "reason"),
        (Act.REFUNDED, {"yen": 30_000, "reason": "x" * 201}, "reason"),
        (Act.REFUNDED, {"yen": 0, "reason": "還付"}, "yen"),
        (Act.REFUNDED, {"yen": -1, "reason": "還付"}, "yen"),
        (Act.REFUNDED, {"yen": 30_001, "reason": "還付"}, "yen"),
        (Act.APPLIED, {"yen": 1, "reason": "充当"}, "charge"),
        (Act.IDENTIFIED, {"reason": "特定"}, ""),
        (Act.RETURNED, {"reason": "返す"}, ""),
        (Act.UNDONE, {"reason": "取消し"}, ""),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    twice: Report, act: Act, said: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        decide(actor=CLERK, report=twice, act=act, **said)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Decision.objects.exists()
    assert counts() == {"twice": (1, 30_000)}


def test_a_closed_case_and_a_report_that_matched_are_not_decided(twice: Report) -> None:
    decide(actor=CLERK, report=twice, act=Act.LEFT, reason="翌期に充てる")
    for found in (twice, Report.objects.get(reference="A1")):
        with pytest.raises(Refused, match="もう選べません"), transaction.atomic():
            decide(actor=CLERK, report=found, act=Act.LEFT, reason="もう一度")


def test_the_database_keeps_decisions_as_they_are(twice: Report) -> None:
    decide(actor=CLERK, report=twice, act=Act.LEFT, reason="翌期に充てる")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_decision SET yen = 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(report=twice, act=Act.UNDONE, yen=0, reason="x", decided_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(report=twice, act=Act.LEFT, yen=0, reason="x", decided_at=clock.now())


def test_patience_ends_after_fourteen_days(charge: Charge) -> None:
    day = clock.today() - queues.PATIENCE
    number = slip_of(charge).number
    taken(report(number, 30_000, stage="provisional", paid_on=day + timedelta(days=1)))
    assert counts() == {}
    taken(report(number, 30_000, stage="provisional", paid_on=day, reference="A2"))
    assert counts() == {"unconfirmed": (1, 30_000)}
