"""Files of assessments: all of a run or nothing (賦課データの試験)."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import transaction

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.assessments import COLUMNS, REGISTERED, read
from municipal.payments.balances import books
from municipal.payments.files import BadLine
from municipal.payments.models import Assessment, Charge
from municipal.payments.operations import assess_file

from .booking import CLERK, payer

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def line(**said: str) -> dict[str, str]:
    usual = {
        "fee": "901", "levy_year": "2026", "fiscal_year": "2026", "reference": "1", "payer": "1", "total_yen": "123456",
        "due_on": "2026-12-31 2027-01-31",
    }  # fmt: skip
    return usual | said


def file_of(*lines: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def test_a_run_of_many_people_is_charged_to_the_yen(town: int) -> None:
    for number in range(1, 6):
        payer(str(number))
    data = file_of(*(line(payer=str(number), reference=str(number)) for number in range(1, 6)))
    assert assess_file(actor=CLERK, data=data) == 5
    assert books().total.charged == 5 * 123_456
    assert list(Charge.objects.filter(assessment__reference="3").values_list("due_on", "yen")) == [
        (date(2027, 1, 4), 61_756),
        (date(2027, 2, 1), 61_700),
    ]
    assert books().broken() == []


def test_the_same_run_twice_is_refused(town: int) -> None:
    payer()
    assess_file(actor=CLERK, data=file_of(line()))
    with pytest.raises(Refused, match="誤りが1件"), transaction.atomic():
        assess_file(actor=CLERK, data=file_of(line()))
    assert [one.sentence for one in read(file_of(line())) if isinstance(one, BadLine)] == [REGISTERED]
    assert Assessment.objects.count() == 1


BAD = [
    ({"fee": "999"}, "fee"),
    ({"fee": ""}, "fee"),
    ({"levy_year": "R8"}, "levy_year"),
    ({"fiscal_year": "20260"}, "fiscal_year"),
    ({"reference": ""}, "reference"),
    ({"reference": "a\x07"}, "reference"),
    ({"payer": "2"}, "payer"),
    ({"payer": ""}, "payer"),
    ({"total_yen": "-1"}, "total_yen"),
    ({"total_yen": "1,000"}, "total_yen"),
    ({"total_yen": "１０００"}, "total_yen"),
    ({"total_yen": "123456789012"}, "total_yen"),
    ({"due_on": ""}, "due_on"),
    ({"due_on": "2026-02-30"}, "due_on"),
    ({"due_on": "2026-12-31 2026-12-31"}, "due_on"),
    ({"due_on": "2026-12-31, 2027-01-31"}, "due_on"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_a_bad_line_is_named_and_the_whole_run_is_refused(town: int, said: dict[str, str], field: str) -> None:
    payer()
    data = file_of(line(reference="9"), line(**said))
    bad = [one for one in read(data) if isinstance(one, BadLine)]
    assert [(one.line, one.field) for one in bad] == [(3, field)]
    with pytest.raises(Refused, match="1件"), transaction.atomic():
        assess_file(actor=CLERK, data=data)
    assert not Assessment.objects.exists()


def test_a_reference_twice_in_one_file_is_seen(town: int) -> None:
    payer()
    assert [one.field for one in read(file_of(line(), line())) if isinstance(one, BadLine)] == ["reference"]


@pytest.mark.parametrize("data", [b"", b"a,b\n", b"\xff\xfe", file_of(line())[:-3], file_of(line()).rstrip(b"\n")])
def test_a_file_that_is_none_is_refused(town: int, data: bytes) -> None:
    payer()
    with pytest.raises(Refused):
        list(read(data))


@pytest.mark.parametrize("spoilt", [b'901,2026,2026,"1"2,1,5,2026-12-31\n', b'901,2026,2026,"1,1,5,2026-12-31\n'])
def test_a_line_that_is_no_csv_is_named(town: int, spoilt: bytes) -> None:
    payer()
    assert [one.field for one in read(file_of(line()) + spoilt) if isinstance(one, BadLine)] == ["file"]
