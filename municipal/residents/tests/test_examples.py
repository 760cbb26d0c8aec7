"""The tables of example rows in docs/acts.md are what the register writes (異動の例の試験).

Each heading of the document is played by the function of the same number here; the table below the heading is what
all histories must look like afterwards. ``KIJUN_WRITE_EXAMPLES=1`` writes the document anew, for a reviewer to read.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from municipal.core.codes import table
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import (
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    member,
    newcomer_said,
    people_of,
)

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[3] / "docs" / "acts.md"
HEADING = re.compile(r"^## (\d+)\. .*$", re.M)
COLUMNS = ("氏名", "履歴", "世帯", "続柄", "世帯主", "住所", "住民状態", "異動事由", "異動日", "記載順位")
STATUS = {"1": "住民", "2": "転出者", "3": "死亡者", "9": "その他消除者"}
SPECIAL = {
    "article30_45_class": "special_permanent", "residence_card_number": "AB12345678CD",
    "became_foreign_resident_on": day(2012, 7, 9),
}  # fmt: skip
THERE = {**PLACE, "block": "竹町", "lot": "８番地"}


def arrive() -> list[Any]:
    return people_of(act("move_in", people=family()))


def some(rows: list[Any], *which: int) -> tuple[Any, ...]:
    return tuple(member(rows[index]) for index in which)


def moves_in() -> None:
    arrive()


def joins() -> None:
    mother = newcomer_said("甲野　梅", serial=9, sex="2", relationship="母")
    act("move_in", people=(mother,), joins=arrive()[0].household.number, event_on=day(2026, 5, 18))


def moves_within() -> None:
    act("move_within", people=some(arrive(), 0, 1, 2, 3), place=THERE, event_on=day(2026, 5, 18))


def one_moves_within() -> None:
    act("move_within", people=(member(arrive()[2], relationship="世帯主"),), place=THERE, event_on=day(2026, 5, 18))


def announces_leaving() -> None:
    act("move_out", people=some(arrive(), 0, 1, 2, 3), place=ELSEWHERE, event_on=day(2026, 6, 10))


def head_leaves_one_behind() -> None:
    rows = people_of(act("move_in", people=(newcomer_said(), child())))
    act("move_out", people=some(rows, 0), place=ELSEWHERE, event_on=day(2026, 5, 18))


def splits() -> None:
    act("household_split", people=(member(arrive()[2], relationship="世帯主"),), event_on=day(2026, 5, 18))


def head_changes() -> None:
    act("householder_change", people=some(arrive(), 1), event_on=day(2026, 5, 18))


def is_born() -> None:
    baby = child("甲野　三郎", serial=9, born_on=day(2026, 5, 18))
    act("birth", people=(baby,), joins=arrive()[0].household.number, event_on=day(2026, 5, 18), basis="family_register")


def dies_and_it_is_cancelled() -> None:
    death = act("death", people=some(arrive(), 2), event_on=day(2026, 5, 18), basis="family_register")
    act("cancellation", cancels=death.pk, event_on=day(2026, 5, 20), basis="ex_officio")


def error_is_corrected() -> None:
    wife = arrive()[1]
    act("minor_correction", people=(member(wife, alias="ハナ"),), event_on=day(2026, 5, 18))
    said = (member(wife, name="甲野　花"),)
    act("correction_of_error", people=said, corrects=1, event_on=day(2026, 5, 20), basis="ex_officio")


def leaving_is_cancelled() -> None:
    left = act("move_out", people=some(arrive(), 0, 1, 2, 3), place=ELSEWHERE, event_on=day(2026, 5, 18))
    act("cancellation", cancels=left.pk, event_on=day(2026, 5, 20), basis="application")


def is_naturalised() -> None:
    foreign: dict[str, Any] = {"kind": "2", "nationality": "例示国", "domicile": "", "register_head": "", **SPECIAL}
    rows = people_of(act("move_in", people=(newcomer_said("EXAMPLE ALICE", **foreign), child())))
    said = member(rows[0], name="例示　愛", domicile="架空県架空市松町１番地", register_head="例示　愛")
    act("naturalisation", people=(said,), event_on=day(2026, 5, 18), basis="family_register")


def left_without_notice_and_arrived() -> None:
    gone = some(arrive(), 2)
    act("removal_ex_officio", people=gone, event_on=day(2026, 5, 15), basis="ex_officio")
    act("arrival_notice", people=gone, place=ELSEWHERE, event_on=day(2026, 5, 13), basis="municipality")


PLAYED: dict[str, Callable[[], None]] = {
    "1": moves_in, "2": joins, "3": moves_within, "4": one_moves_within, "5": announces_leaving,
    "6": head_leaves_one_behind, "7": splits, "8": head_changes, "9": is_born, "10": dies_and_it_is_cancelled,
    "11": error_is_corrected, "12": leaving_is_cancelled, "13": is_naturalised, "14": left_without_notice_and_arrived,
}  # fmt: skip


def lines() -> Iterator[str]:
    """Every history, person by person, as the document shows it; households are lettered in the order of numbers."""
    rows: list[Any] = list(ResidentRecord.objects.select_related("household").order_by("addressee__number", "serial"))
    numbers = sorted({row.household.number for row in rows})
    reasons = table("event_reason")
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|" + "--|" * len(COLUMNS)
    for row in rows:
        cells = (
            row.name, row.serial, "ABC"[numbers.index(row.household.number)], row.relationship, row.head_name,
            row.address_block + row.address_lot, STATUS[row.status],
            reasons[row.reason].name_ja, row.event_on.shown(), row.member_order,
        )  # fmt: skip
        yield "| " + " | ".join(map(str, cells)) + " |"


def sections(text: str) -> dict[str, str]:
    found = list(HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return {match[1]: text[match.end() : end] for match, end in zip(found, ends, strict=True)}


def tables_in(text: str) -> dict[str, list[str]]:
    return {
        number: [line for line in body.splitlines() if line.startswith("|")] for number, body in sections(text).items()
    }


@pytest.mark.clause("resident-record/1.0#1.2.1/m2", "resident-record/1.0#1.2.2/m3")
@pytest.mark.parametrize("number", PLAYED)
def test_the_register_writes_the_rows_of_the_document(town: int, may: None, number: str) -> None:
    PLAYED[number]()
    if os.environ.get("KIJUN_WRITE_EXAMPLES"):
        text = DOCUMENT.read_text(encoding="utf-8")
        body = sections(text)[number]
        said = "\n".join(line for line in body.strip().splitlines() if not line.startswith("|")).strip()
        DOCUMENT.write_text(text.replace(body, "\n\n" + said + "\n\n" + "\n".join(lines()) + "\n\n"), encoding="utf-8")
    assert list(lines()) == tables_in(DOCUMENT.read_text(encoding="utf-8"))[number]


def test_every_heading_of_the_document_is_played() -> None:
    assert list(tables_in(DOCUMENT.read_text(encoding="utf-8"))) == list(PLAYED)
