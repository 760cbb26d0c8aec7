"""Who may do what with a number, for which purpose: the table beside this file, played (目的と権限の表の試験)."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.numbers.operations import find, show
from municipal.numbers.purposes import PURPOSES
from municipal.numbers.sealing import as_token
from municipal.residents.notices import Said
from municipal.residents.operations import enter
from municipal.residents.tests import acting

from .test_numbers import entered, number

with (Path(__file__).parent / "purposes.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))

HELD, NEW = number(1), number(2)


def _enter(staff: Staff, person: Addressee, purpose: str) -> object:
    said = Said(person.number, {}, as_token(NEW))
    return enter(actor=staff, notice=acting.notice("individual_number_change", people=(said,)))


def _correct(staff: Staff, person: Addressee, purpose: str) -> object:
    said = Said(person.number, {"resident_code": acting.code(77)})
    return enter(actor=staff, notice=acting.notice("resident_code_correction", people=(said,)))


DOING: dict[str, Callable[[Staff, Addressee, str], Any]] = {
    "表示": lambda staff, person, purpose: show(actor=staff, addressee=person.pk, purpose=purpose),
    "検索": lambda staff, person, purpose: find(actor=staff, digits=HELD, purpose=purpose),
    "記載": _enter,
    "コード修正": _correct,
}


@pytest.mark.clause("resident-record/1.0#10.4/m1", "resident-record/1.0#10.3/m8")
@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row['だれが']}-{row['何を']}-{row['目的']}-{at}" for at, row in enumerate(ROWS)]
)
def test_the_table_of_purposes_and_permissions(db: None, row: dict[str, str]) -> None:
    with clock.stopped_at(acting.ACTS_ON):
        staff = somebody(*row["権限"].split())
        with wall.within(TOWN):
            person = acting.people_of(acting.act("move_in", people=(acting.newcomer_said(),)))[0].addressee
            entered(person, HELD)
            try:
                DOING[row["何を"]](staff, person, row["目的"])
                result = "できる"
            except Refused as refused:
                result = refused.code
    assert result == row["結果"], row["理由"]


def test_the_table_names_every_purpose_there_is() -> None:
    assert set(PURPOSES) <= {row["目的"] for row in ROWS}
    assert len(ROWS) >= 40
