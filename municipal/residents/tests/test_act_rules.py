"""Relationships turned round, deadlines, documents: tables a clerk can read (異動の規則の試験)."""

from datetime import date

import pytest

from municipal.core.dates import RegisterDate
from municipal.residents.rules.deadlines import card_move_in_is_void, due, move_out_document
from municipal.residents.rules.kinship import Member, proposals

V1 = "resident-record/1.0"
ELDER, YOUNGER = RegisterDate(2000, 1, 1), RegisterDate(2010, 1, 1)


def household(*members: tuple[str, str, str, RegisterDate]) -> dict[str, Member]:
    return {key: Member(key, relationship, sex, born) for key, relationship, sex, born in members}


FAMILY = household(
    ("taro", "世帯主", "1", RegisterDate(1970, 1, 1)),
    ("hana", "妻", "2", RegisterDate(1971, 1, 1)),
    ("ichi", "子", "1", ELDER),
    ("niko", "子", "2", YOUNGER),
    ("ume", "母", "2", RegisterDate(1940, 1, 1)),
    ("matsu", "妻の父", "1", RegisterDate(1939, 1, 1)),
    ("ken", "子の子", "1", RegisterDate(2020, 1, 1)),
    ("guest", "同居人", "2", RegisterDate(1990, 1, 1)),
    ("kin", "縁故者", "2", RegisterDate(1990, 1, 1)),
)


SEEN_FROM = """
        taro    hana    ichi    niko    ume     matsu   ken     guest   kin
hana    夫      世帯主  子      子      夫の母  父      子の子  同居人  ?
ichi    父      母      世帯主  妹      ?       ?       ?       同居人  ?
niko    父      母      兄      世帯主  ?       ?       ?       同居人  ?
ume     子      子の妻  子の子  子の子  世帯主  ?       ?       同居人  ?
guest   同居人  同居人  同居人  同居人  同居人  同居人  同居人  世帯主  同居人
"""
"""What everybody is to the new head on the left; ? where only people can tell."""


def seen_from() -> list[tuple[str, dict[str, str]]]:
    names, *rows = [line.split() for line in SEEN_FROM.strip("\n").splitlines()]
    return [(row[0], {name: word.strip("?") for name, word in zip(names, row[1:], strict=True)}) for row in rows]


@pytest.mark.clause(f"{V1}#4.1.4.2/m1")
@pytest.mark.parametrize(("new_head", "expected"), seen_from())
def test_relationships_seen_from_a_new_head(new_head: str, expected: dict[str, str]) -> None:
    assert proposals(FAMILY, new_head) == expected


def test_twins_and_unknown_birth_dates_are_left_to_the_clerk() -> None:
    twins = household(
        ("a", "世帯主", "1", RegisterDate(1970, 1, 1)), ("b", "子", "1", ELDER), ("c", "子", "1", ELDER),
        ("d", "子", "2", RegisterDate.entered("平成10年頃")),
    )  # fmt: skip
    assert proposals(twins, "b") == {"a": "父", "b": "世帯主", "c": "", "d": ""}


@pytest.mark.parametrize(
    ("act", "event_on", "notified_on", "last_day", "late"),
    [
        # 14 days, the first not counted: 1 May to 15 May.
        ("move_in", date(2026, 5, 1), date(2026, 5, 15), date(2026, 5, 15), 0),
        ("move_in", date(2026, 5, 1), date(2026, 5, 16), date(2026, 5, 15), 1),
        # The 14th day is a Saturday: Monday.
        ("move_within", date(2026, 5, 2), date(2026, 5, 18), date(2026, 5, 18), 0),
        # New Year: the office opens on 4 January.
        ("household_split", date(2026, 12, 16), date(2027, 1, 5), date(2027, 1, 4), 1),
        # A move-out is to be told beforehand.
        ("move_out", date(2026, 5, 1), date(2026, 5, 3), date(2026, 5, 1), 2),
    ],
)
def test_when_a_notice_was_due(act: str, event_on: date, notified_on: date, last_day: date, late: int) -> None:
    found = due(act, event_on, notified_on)
    assert found is not None
    assert (found.last_day, found.days_late) == (last_day, late)


def test_ex_officio_entries_have_no_deadline() -> None:
    assert due("death", date(2026, 5, 1), date(2027, 5, 1)) is None


@pytest.mark.clause(f"{V1}#4.1.3.0.1/m2", f"{V1}#4.1.3.0.3/m2")
@pytest.mark.parametrize(("told", "document"), [(15, "move_out_certificate"), (16, "equivalent_certificate")])
def test_the_fourteenth_day_still_gives_the_certificate(told: int, document: str) -> None:
    assert move_out_document(date(2026, 5, 1), date(2026, 5, told)) == document


def test_a_card_comes_too_late_thirty_days_after_the_planned_day() -> None:
    said = {"moved_on": date(2026, 5, 30), "planned_on": date(2026, 5, 1)}
    assert not card_move_in_is_void(notified_on=date(2026, 5, 30), **said)
    assert card_move_in_is_void(notified_on=date(2026, 5, 31), **said)
