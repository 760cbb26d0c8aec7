"""Messages that are none: huge, hostile, of another shape (電文の試験)."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from municipal.evidence.kinds import items_of, kind_of_document, kinds, wanted_of
from municipal.evidence.rules.payloads import LARGEST, Reply, Unreadable, read_question, read_reply, write_reply
from municipal.evidence.rules.states import FAILED, OPEN, OUTCOMES, OVER, State, may_follow, moves
from municipal.procedures.catalogue import shipped

TODAY, PUBLIC = date(2026, 11, 20), "00000000-0000-4000-8000-000000000000"
GOOD: dict[str, Any] = {
    "question": PUBLIC, "town": "990019", "outcome": "answered", "office": "模擬町　税務課",
    "as_of": "2026-11-01",
    "items": {"total_income": 1, "is_taxed": True},
}  # fmt: skip


def said(**changes: Any) -> bytes:
    return json.dumps(GOOD | changes).encode()


def test_a_reply_is_read_as_it_was_written() -> None:
    made = Reply(uuid4(), 990019, State.ANSWERED, "模擬町", TODAY, {"total_income": 5}, is_withheld=True)
    assert read_reply(write_reply(made), "income", TODAY) == made
    assert read_reply(said(), "income", TODAY).items == GOOD["items"]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5_000, b'{"a":' * 5_000, b" " * (LARGEST + 1),
    said(question="1"), said(question=None), said(town=990019), said(town="99001"), said(town="９９００１９"),
    said(outcome="yes"), said(outcome=["answered"]), said(office=""), said(office="a\nb"), said(office="\u202e模擬"),
    said(office="a" * 301), said(office="a\x00b"), said(as_of=""), said(as_of="2026-11-21"), said(as_of="2026-02-30"),
    said(as_of="令和8年"), said(items={}), said(items=[]), said(items="x"), said(items={"address": "架空市"}),
    said(items={"individual_number": "123456789012"}), said(items={"total_income": "1"}),
    said(items={"total_income": True}), said(items={"total_income": -1}), said(items={"total_income": 1.5}),
    said(items={"total_income": 10**12}), said(items={"is_taxed": 1}), said(items={"is_taxed": None}),
    said(items={"dependants": {"a": 1}}), said(is_withheld="false"), said(is_withheld=0), said(is_specimen=1),
])  # fmt: skip
def test_what_is_no_reply_is_not_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_reply(body, "income", TODAY)


@pytest.mark.parametrize("value", ["2026-13-01", "", "<script>\n", 5, None, "x" * 301])
def test_what_is_no_day_is_not_read(value: object) -> None:
    with pytest.raises(Unreadable):
        read_reply(said(items={"qualified_on": value}), "insurance", TODAY)


def test_a_refusal_holds_no_items_whatever_it_says() -> None:
    found = read_reply(said(outcome="not_found"), "income", TODAY)
    assert (found.items, found.as_of) == ({}, None)


@pytest.mark.parametrize("body", [b"{}", b"[]", json.dumps({"question": PUBLIC, "town": "990019"}).encode()])
def test_what_is_no_question_is_not_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_question(body)


def test_every_document_and_item_of_the_catalogue_that_comes_by_linkage_stands_in_the_table() -> None:
    paths = {path for kind in kinds().values() for path in kind.paths}
    for entry in shipped():
        for one in entry.evidence:
            if one.obtained == "linkage":
                assert kind_of_document(one.id), (entry.id, one.id)
        for held in entry.holds:
            if held.source == "linkage":
                assert held.path in paths, (entry.id, held.path)


def test_what_is_asked_has_a_law_and_goes_over_this_network_only() -> None:
    found = [one for entry in shipped() for one in wanted_of(entry)]
    assert {one.kind.via for one in found} == {"linkage"}
    assert all(one.basis.law and one.basis.status for one in found)
    assert {one.kind.name for one in found} >= {"income", "insurance", "care", "pension", "family", "disability"}
    by_kind = {one.kind.name: one for one in wanted_of(next(entry for entry in shipped() if entry.id == "care-limit"))}
    assert by_kind["pension"].basis.law == "介護保険法"


def test_every_kind_has_four_languages_and_items_that_can_be_read() -> None:
    for kind in kinds().values():
        assert all((kind.title.ja, kind.title.easy, kind.title.en, kind.title.ko, kind.office.ko)), kind.name
        assert bool(items_of(kind.name)) == (kind.via == "linkage"), kind.name
        assert {one.type for one in items_of(kind.name).values()} <= {"date", "yen", "number", "yes_no", "text"}


def test_an_outcome_is_final() -> None:
    for one in OUTCOMES:
        assert [later for later in State if may_follow(later, one)] == [State.USED]
    assert not [later for later in State if may_follow(later, State.DISCLOSED)]
    assert {*OPEN, *OUTCOMES, *OVER} == set(State)
    assert set(FAILED) < set(OUTCOMES)
    assert "created:answered" not in moves()
