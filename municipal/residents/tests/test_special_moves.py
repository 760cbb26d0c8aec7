"""Moves by card, moves after unreported ones, arrivals of people removed ex officio (特例転出・未届転入の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.residents.acts.special_moves import marked_unreported
from municipal.residents.tests.acting import (
    CHIEF,
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    entered,
    member,
    newcomer_said,
    newest,
    people_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"


def refusal_of(name: str, **said: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(name, **said)
    return refused.value.code


def couple(**items: Any) -> list[Any]:
    people = (newcomer_said(has_individual_number_card=True, **items), child())
    return people_of(act("move_in", people=people))


@pytest.mark.clause(f"{V1}#4.1.3.0.4/m1", f"{V1}#4.1.3.0.4/m3")
def test_a_move_out_by_card_issues_no_certificate_by_itself(town: int) -> None:
    rows = couple()
    said = {"people": tuple(map(member, rows)), "place": ELSEWHERE, "event_on": day(2026, 5, 30)}
    event = act("move_out_by_card", **said)
    assert (event.act, event.document, event.basis) == ("move_out_by_card", "", "notice")
    assert [(newest(one).status, newest(one).reason, newest(one).move_out_planned_on) for one in rows] == [
        ("1", "move_out", date(2026, 5, 30))
    ] * 2
    emitted = OutboxEvent.objects.filter(topic="residents.event", payload__event=event.pk)
    assert emitted.count() == 1


@pytest.mark.parametrize(
    ("card", "place", "on", "code"),
    [
        (False, ELSEWHERE, 30, "no_card"), (True, {"country": "例示国"}, 30, "abroad_by_card"),
        (True, ELSEWHERE, 5, "card_too_late"), (True, ELSEWHERE, 6, None), (True, {"city": "見本市"}, 20, None),
    ],
)  # fmt: skip
def test_a_card_spares_the_certificate_only_in_time_and_within_japan(
    town: int, card: bool, place: Any, on: int, code: str | None
) -> None:
    said = newcomer_said(has_individual_number_card=card)
    row = people_of(act("move_in", people=(said,), event_on=day(2026, 5, 1)))[0]
    wanted: Any = {"people": (member(row),), "place": place, "event_on": day(2026, 5, on)}
    if code is None:
        assert act("move_out_by_card", **wanted).document == ""
    else:
        assert refusal_of("move_out_by_card", **wanted) == code


@pytest.mark.clause(f"{V1}#4.1.3.0.4/n2")
def test_an_ordinary_move_out_does_not_become_one_by_card(town: int) -> None:
    """Neither by amending the entry, nor by entering it again beside the one that was announced."""
    from municipal.residents.operations import amend, decide

    rows = couple()
    said: Any = {"people": tuple(map(member, rows)), "place": ELSEWHERE, "event_on": day(2026, 5, 30)}
    draft = entered("move_out", **said)
    from municipal.residents.tests.acting import notice

    with pytest.raises(Refused) as refused:
        amend(actor=CHIEF, draft=draft.pk, notice=notice("move_out_by_card", **said), version=draft.version)
    assert refused.value.code == "other_act"
    assert decide(actor=CHIEF, draft=draft.pk).document == "move_out_certificate"
    assert refusal_of("move_out_by_card", **said) == "move_out_announced"


def test_the_day_removes_and_the_arrival_cancels_as_for_any_move_out(town: int) -> None:
    rows = couple()
    left = act("move_out_by_card", people=(member(rows[0]),), place=ELSEWHERE, event_on=day(2026, 5, 18))
    arrived = act("arrival_notice", people=(member(rows[0]),), place=ELSEWHERE, event_on=day(2026, 5, 16))
    assert arrived.follows == left
    assert newest(rows[0]).removed_on == day(2026, 5, 16)
    assert newest(rows[1]).relationship == "世帯主"
    act("cancellation", cancels=left.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    assert (newest(rows[0]).status, newest(rows[0]).arrival_notice_on) == ("1", None)


@pytest.mark.clause(f"{V1}#4.1.1.4/m1", f"{V1}#4.1.1.4/m2", f"{V1}#4.2.1.1/m4")
def test_an_unreported_address_is_marked_and_noted(town: int) -> None:
    said = newcomer_said(last_registered_address="見本県例示町中央１番地")
    row = people_of(act("move_in_unreported", people=(said,), came_from=ELSEWHERE, place=PLACE))[0]
    assert (row.reason, row.address_before_city, row.address_before_lot) == ("move_in", "見本市", "２番地（未届）")
    assert row.remarks == "未届転入　転入前住所見本県見本市本通２番地（未届）"
    assert row.last_registered_address == "見本県例示町中央１番地"


@pytest.mark.parametrize(
    ("came_from", "registered", "code"),
    [({}, "見本県", "address_missing"), ({"block": "本通"}, "見本県", "address_missing"), (ELSEWHERE, "", "missing")],
)
def test_an_unreported_move_in_says_both_addresses(town: int, came_from: Any, registered: str, code: str) -> None:
    said = newcomer_said(last_registered_address=registered)
    assert refusal_of("move_in_unreported", people=(said,), came_from=came_from, place=PLACE) == code


@pytest.mark.parametrize(
    ("place", "last"),
    [
        ({"city": "見本市"}, "city"), ({"city": "見本市", "block": "本通"}, "block"),
        ({"city": "見本市", "block": "本通", "lot": "１", "building": "荘"}, "building"),
        ({"abroad": "X", "country": "例示国"}, "abroad"), ({"city": "見本市（未届）"}, "city"),
    ],
)  # fmt: skip
def test_the_mark_stands_once_behind_the_last_part(place: dict[str, str], last: str) -> None:
    marked = marked_unreported(place)
    assert marked[last].count("（未届）") == 1
    assert marked[last].endswith("（未届）")
    assert {part for part in marked if "（未届）" in marked[part]} == {last}


@pytest.mark.clause(f"{V1}#4.1.3.1.1/m3")
def test_whoever_was_removed_ex_officio_may_turn_out_to_have_arrived_elsewhere(town: int) -> None:
    rows = couple()
    gone = act("removal_ex_officio", people=(member(rows[1]),), event_on=day(2026, 5, 15), basis="ex_officio")
    told: Any = {"people": (member(rows[1]),), "place": ELSEWHERE, "event_on": day(2026, 5, 3), "basis": "municipality"}
    event = act("arrival_notice", **told)
    now = newest(rows[1])
    assert (now.status, now.removal_reason, now.removed_on) == ("9", "deletion_ex_officio", day(2026, 5, 15))
    assert (now.confirmed_destination_city, now.move_out_confirmed_on, now.arrival_notice_on) == (
        "見本市", date(2026, 5, 3), date(2026, 5, 20),
    )  # fmt: skip
    assert (now.planned_destination_city, now.move_out_planned_on) == ("", None)
    assert event.follows == gone


def test_nobody_arrives_who_lives_here_or_died(town: int) -> None:
    rows = couple()
    assert refusal_of("arrival_notice", people=(member(rows[1]),), place=ELSEWHERE) == "no_move_out"
    act("death", people=(member(rows[1]),), event_on=day(2026, 5, 15), basis="family_register")
    assert refusal_of("arrival_notice", people=(member(rows[1]),), place=ELSEWHERE) == "is_dead"
