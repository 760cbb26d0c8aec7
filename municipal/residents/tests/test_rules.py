"""What a row of the register may say (住民票の規則の試験)."""

from datetime import date

import pytest

from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.rules.records import refuse_unless_dated, refuse_unless_related
from municipal.residents.tests.people import enter, newcomer

UNKNOWN, IMPOSSIBLE = RegisterDate.entered("年月日不詳"), RegisterDate.entered("R5.2.29")


@pytest.mark.clause("resident-record/1.0#1.1.11/n1")
@pytest.mark.parametrize("relationship", ["孫", "祖父", "おじ", "家事使用人", "準世帯主", "子の子の子の子の子", "妻 "])
def test_a_relationship_outside_the_grammar_is_refused(town: int, relationship: str) -> None:
    with pytest.raises(Refused) as refused:
        newcomer(valid_from=date(2025, 4, 1), relationship=relationship)
    assert refused.value.field == "relationship"


@pytest.mark.parametrize(
    "relationship", ["", "世帯主", "妻（未届）", "父の兄の子", "子の子の子の子", "縁故者", "同居人"]
)
def test_a_relationship_inside_the_grammar_is_kept(relationship: str) -> None:
    refuse_unless_related(relationship)


@pytest.mark.clause("resident-record/1.0#1.1.8/m1")
@pytest.mark.parametrize("day", [UNKNOWN, IMPOSSIBLE])
def test_only_birth_death_and_missing_people_have_a_doubtful_day(day: RegisterDate) -> None:
    for reason in ("birth", "death", "deletion_ex_officio"):
        refuse_unless_dated(reason, day)
    with pytest.raises(Refused, match="暦にある日"):
        refuse_unless_dated("move_in", day)


def test_a_day_of_the_calendar_suits_every_event() -> None:
    refuse_unless_dated("move_in", RegisterDate(2026, 11, 23))
    refuse_unless_dated("move_in", None)


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ("name", "甲野\0花子", "NUL文字"),
        ("name", "甲" * 101, "100文字以内"),
        ("address_building", "コーポ\u202e月見", "見えない記号"),
        ("remarks", "\ud800", "壊れた文字"),
        ("resident_code", "9" * 12, "11文字以内"),
    ],
)
def test_text_that_no_register_holds_is_refused_by_item(town: int, item: str, value: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        enter(newcomer(valid_from=date(2025, 4, 1)), date(2026, 1, 1), **{item: value})
    assert refused.value.field == item


@pytest.mark.parametrize("name", ["𠮷田　邉󠄃", "髙﨑　齋", "=SUM(A1)", "\U0010de92野　花子", "葛󠄂　" + "あ" * 97])
def test_a_name_is_stored_to_the_letter(town: int, name: str) -> None:
    record = newcomer(valid_from=date(2025, 4, 1), name=name)
    record.refresh_from_db()
    assert record.name == name
    assert enter(record, date(2026, 1, 1)).name == name
