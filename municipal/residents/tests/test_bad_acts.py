"""Acts that the register as it stands does not allow: refused by machine, nothing written (異動の拒否の試験)."""

from typing import Any
from uuid import uuid4

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.identity.answers import status_of
from municipal.municipalities import wall
from municipal.residents import notices
from municipal.residents.models import ResidentRecord
from municipal.residents.operations import enter, open_entry

from .acting import ACTS_ON, CHIEF, CLERK, ELSEWHERE, act, code, day, entered, member
from .bad_input import NEARBY, World, assert_refused, rows, said

pytestmark = pytest.mark.django_db
Body = dict[str, Any]


def naming(*people: ResidentRecord, **items: Any) -> list[Body]:
    """These people, as a notice names them."""
    return [{"number": one.addressee.number, "items": items} for one in people]


def test_somebody_who_is_registered_already(world: World) -> None:
    for name in ("move_in", "move_in_by_card", "birth"):
        body = said(world, name)
        items = body["people"][0]["items"]
        for taken, code_ in ((1, "already_registered"), (12, "returning_by_number"), (13, "returning_by_number")):
            items["resident_code"] = code(taken)
            assert_refused(world, body, code_, 422, (name, taken))
    body = said(world, "move_in")
    for who, code_ in ((world.child, "already_registered"), (world.dead, "is_dead")):
        assert_refused(world, body | {"people": naming(who, relationship="世帯主")}, code_, 422, who)
    twins = [dict(one) for one in (body["people"][0], body["people"][0])]
    assert_refused(world, body | {"people": twins}, "twice", 422)


def test_somebody_who_looks_like_a_resident_or_a_former_one_is_an_alert(world: World) -> None:
    body = said(world, "move_in")
    for serial, alert in ((11, "same_person_lives_here"), (12, "returning_by_name")):
        body["people"][0]["items"] |= {"name": f"乙川　{serial}", "born_on": f"1960-01-{serial}"}
        assert_refused(world, body, f"unconfirmed:{alert}", 409)


def test_days_that_do_not_follow_what_is_recorded(world: World) -> None:
    for name in ("move_within", "household_split", "household_merger", "household_transfer", "householder_change"):
        assert_refused(world, said(world, name) | {"event_on": "2026-03-31"}, "later_act_recorded", 422, name)
    for name in ("correction_ex_officio", "minor_correction"):
        assert_refused(world, said(world, name) | {"event_on": "2026-03-31"}, "later_act_recorded", 422, name)
    born_later = naming(world.gone, relationship="世帯主", born_on="2026-05-12")
    assert_refused(world, said(world, "move_in") | {"people": born_later}, "before_birth", 422)
    assert_refused(world, said(world, "death") | {"event_on": "2015-06-06"}, "before_birth", 422)
    assert_refused(world, said(world, "move_out") | {"event_on": "1985-03-31"}, "later_act_recorded", 422)
    early = said(world, "move_in")
    early["people"][0]["items"]["born_on"] = "2026-05-12"
    assert_refused(world, early, "before_birth", 422)
    birth = said(world, "birth")
    birth["people"][0]["items"]["born_on"] = "2026-05-10"
    assert_refused(world, birth, "born_another_day", 422)


def test_households_that_cannot_be_joined(world: World) -> None:
    for name in ("move_in", "move_in_by_card", "move_within", "household_merger", "household_transfer", "birth"):
        for number in ("0000000000", "x", world.strange_home):
            body = said(world, name) | {"joins": number}
            assert_refused(world, body, "no_such_household", 422, (name, number))
    with wall.within(TOWN):
        own = world.home(world.child)
        left = world.gone.household.number
    assert_refused(world, said(world, "household_transfer") | {"joins": own}, "same_household", 422)
    assert_refused(world, said(world, "household_transfer") | {"joins": left}, "no_such_household", 422)
    part = said(world, "household_transfer")
    assert_refused(world, part | {"act": "household_merger"}, "part_of_household", 422)
    whole = said(world, "household_merger")
    assert_refused(world, whole | {"act": "household_transfer"}, "whole_household", 422)
    assert_refused(world, whole | {"act": "household_split"}, "whole_household", 422)
    two = naming(world.child, world.neighbour, relationship="世帯主")
    for name in ("move_within", "move_out", "death", "household_split", "minor_correction"):
        assert_refused(world, said(world, name) | {"people": two}, "two_homes", 422, name)
    with wall.within(TOWN):
        act("move_within", people=(member(world.neighbour),), place=NEARBY, event_on=day(2026, 5, 2))
    assert_refused(world, said(world, "household_transfer"), "other_address", 422)


def test_addresses_that_are_missing(world: World) -> None:
    for name in ("move_in", "move_in_by_card", "move_within"):
        for place in ({}, None, {"city": "架空市"}, {"block": "松町"}):
            assert_refused(world, said(world, name) | {"place": place}, "address_missing", 422, (name, place))


def test_what_nobody_is_entered_without(world: World) -> None:
    for name in ("move_in", "move_in_by_card", "birth"):
        # A newborn may have no name yet.
        for item in ("name", "born_on", "sex", "resident_code")[name == "birth" :]:
            body = said(world, name)
            del body["people"][0]["items"][item]
            assert_refused(world, body, "missing", 422, (name, item))
    body = said(world, "move_in")
    body["people"][0]["items"]["domicile"] = ""
    assert_refused(world, body, "record_has_family_register", 422)


def test_a_card_that_comes_too_late(world: World) -> None:
    good = said(world, "move_in_by_card")
    assert_refused(world, good | {"planned_on": None}, "planned_day_missing", 422)
    assert_refused(world, good | {"planned_on": "2026-04-20"}, "card_too_late", 422)
    assert_refused(world, good | {"event_on": "2026-05-06"}, "card_too_late", 422)
    assert world.clerk.post("events", good | {"planned_on": "9999-12-31"}).status_code == 201


def test_a_move_out_is_announced_once_and_arrives_only_if_it_was(world: World) -> None:
    ahead = said(world, "move_out") | {"event_on": "2026-06-01", "people": naming(world.neighbour)}
    with wall.within(TOWN):
        act("move_out", people=(member(world.neighbour),), place=ELSEWHERE, event_on=day(2026, 6, 1))
    assert_refused(world, ahead, "move_out_announced", 422)
    assert_refused(world, said(world, "arrival_notice") | {"people": naming(world.child)}, "no_move_out", 422)


def test_corrections_of_nothing_and_of_what_is_replaced(world: World) -> None:
    for name in ("correction_ex_officio", "minor_correction", "correction_of_error"):
        for items in ({}, {"name": world.child.name}):
            body = said(world, name) | {"people": naming(world.child, **items)}
            assert_refused(world, body, "nothing_new", 422, name)
    for serial in (2, 99, 2**63 - 1):
        assert_refused(world, said(world, "correction_of_error") | {"corrects": serial}, "replaced", 422, serial)


def test_a_new_head_who_is_none(world: World) -> None:
    good = said(world, "householder_change")
    assert_refused(world, good | {"people": naming(world.head)}, "already_head", 422)
    assert_refused(world, good | {"people": naming(world.wife, world.child)}, "one_head", 422)
    assert_refused(world, good | {"confirmed": []}, "unconfirmed:relationships_rewritten", 409)


def test_what_cannot_be_cancelled(world: World) -> None:
    good = said(world, "cancellation")
    for number in (None, 2**62, world.strange_event):
        assert_refused(world, good | {"cancels": number}, "no_such_event", 422, number)
    with wall.within(TOWN):
        first = ResidentRecord.objects.get(addressee=world.gone.addressee, serial=1).event_id
        cancelling = act("cancellation", cancels=world.event)
    assert_refused(world, good | {"cancels": first}, "rested_on", 409)
    assert_refused(world, good, "already_cancelled", 409)
    assert_refused(world, good | {"cancels": cancelling.pk}, "is_cancellation", 422)


@pytest.mark.parametrize("name", ["move_within", "move_out", "household_split", "householder_change", "death"])
def test_people_and_households_with_an_open_entry(world: World, name: str) -> None:
    good = said(world, name)
    with wall.within(TOWN):
        entered("minor_correction", people=(member(world.child, address_lot="１番地の３"),))
        entered("death", people=(member(world.wife),), basis="family_register")
    before = rows()
    answer = world.clerk.post("events", good)
    assert answer.status_code == 409
    assert answer.json()["code"] in {"one_open_entry_for_a_person", "one_open_entry_for_a_household"}
    assert rows() == before


def test_the_same_entry_sent_twice_with_two_keys_is_entered_once(world: World) -> None:
    body = said(world, "death")
    assert world.clerk.post("events", body).status_code == 201
    assert_refused(world, body, "one_open_entry_for_a_person", 409)


def test_people_whom_a_colleague_is_entering(world: World) -> None:
    with wall.within(TOWN):
        colleague = System(actor_kind="staff", actor_id=world.clerk.staff.pk + 1)
        open_entry(actor=colleague, people=[one.addressee_id for one in world.family])
    for name in ("move_within", "move_out", "household_split", "householder_change", "death", "minor_correction"):
        assert_refused(world, said(world, name), "leased", 409, name)


def test_a_lease_that_ran_out_or_is_somebody_elses_enters_nothing(world: World) -> None:
    wanted = notices.read(said(world, "death"))
    with wall.within(TOWN):
        own = open_entry(actor=CLERK, people=[world.child.addressee_id]).token
    before, later = rows(), ACTS_ON.replace(hour=ACTS_ON.hour + 1)
    for actor, lease, moment in ((CLERK, uuid4(), ACTS_ON), (CHIEF, own, ACTS_ON), (CLERK, own, later)):
        with clock.stopped_at(moment), wall.within(TOWN), pytest.raises(Refused) as refused:
            enter(actor=actor, notice=wanted, lease=lease)
        assert (refused.value.code, status_of(refused.value)) == ("lease_ran_out", 409)
    assert rows() == before
