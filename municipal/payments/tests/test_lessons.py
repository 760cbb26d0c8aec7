"""The files for training do what their list says (演習データの試験)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from fixtures.money import opening
from fixtures.money.lessons import ASSESSMENTS, SETTLEMENTS, Lesson, lessons
from municipal.addressees.models import Addressee, AddresseeKind
from municipal.core import clock
from municipal.core.numbers import number_of
from municipal.core.refusals import Refused
from municipal.payments import credits
from municipal.payments.assessments import read
from municipal.payments.balances import books
from municipal.payments.files import BadLine
from municipal.payments.models import Charge, Slip
from municipal.payments.operations import assess_file, issue_slips, settle_file, take_in

from .booking import CLERK

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def opened(town: int) -> int:
    """A town with the cast and the notices with which every made-up town begins."""
    for serial in opening.OWED:
        Addressee.objects.create(
            number=number_of(serial, opening.WIDTH), kind=AddresseeKind.NON_RESIDENT, name=f"甲野　{serial}"
        )
    assess_file(actor=CLERK, data=opening.assessments())
    charges = Charge.objects.select_related("assessment").order_by("pk")
    issue_slips(actor=CLERK, charges=list(charges))
    return town


def outcome(one: Lesson) -> tuple[bool, dict[str, int], list[tuple[int, str]]]:
    """Whether it was refused, what came of it, and its bad lines."""
    bad: list[tuple[int, str]] = []
    counts: dict[str, int] = {}
    try:
        with transaction.atomic():
            if one.kind == ASSESSMENTS:
                bad = [(line.line, line.field) for line in read(one.data) if isinstance(line, BadLine)]
                counts = {"charged": assess_file(actor=CLERK, data=one.data)}
            elif one.kind == SETTLEMENTS:
                bad = [(line.line, line.field) for line in credits.read(one.data) if isinstance(line, BadLine)]
                settled = settle_file(actor=CLERK, data=one.data)
                counts = {result: settled.count(result) for result in ("settled", "repeated")}
            else:
                taken: Any = take_in(actor=CLERK, name=one.name, data=one.data)
                bad = [(line.line, line.field) for line in taken.bad]
                counts = {"repeated": taken.repeated} | taken.by_match
    except Refused:
        return True, {}, bad
    return False, {name: number for name, number in counts.items() if number}, bad


def test_the_slips_have_the_numbers_that_the_files_name(opened: int) -> None:
    assert list(Slip.objects.order_by("pk").values_list("number", flat=True)) == opening.payment_numbers()
    assert Slip.objects.filter(yen__gt=300_000).count() == 4


def test_every_file_does_what_its_list_says(opened: int) -> None:
    for one in lessons():
        assert outcome(one) == (one.is_refused, dict(one.counts), list(one.bad)), one.name
        assert books().broken() == [], one.name


def test_no_file_changes_anything_a_second_time(opened: int) -> None:
    taken = [one for one in lessons() if not one.is_refused]
    for one in taken:
        assert not outcome(one)[0]
    before = books()
    for one in taken:
        assert outcome(one)[0] == (one.kind != SETTLEMENTS), one.name
    assert books() == before
