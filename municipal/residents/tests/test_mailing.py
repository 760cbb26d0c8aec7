"""Where residents are written to: living, gone, dead, protected, at home with the protected (住民の送付先の試験)."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipal.addressees.mailing import Delivery, deliveries
from municipal.addressees.models import Addressee
from municipal.addressees.operations import Redirection, protect, register_recipient
from municipal.core import clock
from municipal.core.actors import System
from municipal.residents.operations import remove_announced

from .acting import CLERK, ELSEWHERE, act, day, family, member, newcomer_said, people_of
from .people import newcomer

HEIR = {"prefecture": "別県", "city": "別市", "block": "栗町", "lot": "７", "postal_code": "0000777"}
CITY = {"municipality_code": "990019", "prefecture": "架空県", "city": "架空市", "postal_code": "9990001"}


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children who moved in by one notice."""
    return people_of(act("move_in", people=family()))


def sent(row: Any) -> Delivery:
    return deliveries([row.addressee_id])[row.addressee_id]


def guarded(row: Any) -> None:
    protect(actor=CLERK, addressee=row.addressee, starts_on=clock.today(), ends_on=None, is_own=True)


def redirected(row: Any, kind: str, **said: Any) -> None:
    usual: dict[str, Any] = {"kind": kind, "address": HEIR, "first_day": date(2026, 5, 1), "name": "甲野　次郎"}
    person = Addressee.objects.get(pk=row.addressee_id)
    register_recipient(actor=System(), addressee=person, said=Redirection(**usual | said))


def dies(row: Any) -> None:
    act("death", people=(member(row),), event_on=day(2026, 5, 15))


def test_a_resident_is_written_to_at_home(home: list[Any]) -> None:
    assert sent(home[0]) == Delivery("甲野　太郎", "", "9990001", ("架空県架空市松町１番地",), "", is_withheld=False)


def test_who_moved_within_the_town_is_written_to_at_the_new_home(home: list[Any]) -> None:
    act(
        "move_within",
        people=(member(home[0], relationship="世帯主"),),
        place=CITY | {"block": "梅町", "lot": "３番地"},
        event_on=day(2026, 5, 12),
    )
    assert sent(home[0]).lines == ("架空県架空市梅町３番地",)


def test_who_left_is_written_to_where_they_went(home: list[Any]) -> None:
    act("move_out", people=tuple(member(one) for one in home), place=ELSEWHERE, event_on=day(2026, 6, 1))
    assert sent(home[0]).lines == ("架空県架空市松町１番地",)
    with clock.stopped_at(datetime(2026, 6, 2, 9, tzinfo=clock.TOKYO)):
        remove_announced(actor=CLERK)
        assert (sent(home[0]).lines, sent(home[0]).postal_code) == (("見本県見本市本通２番地",), "0000401")


def test_nothing_goes_to_the_door_of_the_dead(home: list[Any]) -> None:
    dies(home[0])
    found = sent(home[0])
    assert (found.lines, found.is_withheld, found.problem) == ((), False, "dead")
    assert found.role == "死亡（相続人代表者の届出なし）"
    redirected(home[0], "tax_agent")
    assert sent(home[0]).problem == "dead"


def test_the_mail_of_the_dead_goes_to_the_representative_of_the_heirs(home: list[Any]) -> None:
    dies(home[0])
    redirected(home[0], "heirs")
    found = sent(home[0])
    assert (found.recipient, found.role) == ("甲野　次郎", "相続人代表者（故 甲野　太郎 様分）")
    assert (found.lines, found.problem) == (("別県別市栗町７",), "")


def test_a_protected_resident_and_everybody_at_that_home_get_nothing_by_mail(home: list[Any]) -> None:
    guarded(home[1])
    for row in home:
        assert (sent(row).lines, sent(row).postal_code, sent(row).is_withheld) == ((), "", True)
    redirected(home[0], "other_address")
    assert sent(home[0]).is_withheld
    redirected(home[1], "other_address", is_safe_for_protected=True)
    assert sent(home[1]).lines == ("別県別市栗町７",)


def test_who_leaves_a_protected_home_is_written_to_at_an_address_of_their_own(home: list[Any]) -> None:
    guarded(home[1])
    act(
        "move_within",
        people=(member(home[0], relationship="世帯主"),),
        place=CITY | {"block": "梅町", "lot": "３番地"},
        event_on=day(2026, 5, 12),
    )
    assert sent(home[0]).lines == ("架空県架空市梅町３番地",)
    assert sent(home[1]).is_withheld


def test_where_a_protected_person_goes_is_told_of_nobody_who_went_along(home: list[Any]) -> None:
    guarded(home[1])
    act("move_out", people=tuple(member(one) for one in home), place=ELSEWHERE, event_on=day(2026, 6, 1))
    with clock.stopped_at(datetime(2026, 6, 2, 9, tzinfo=clock.TOKYO)):
        remove_announced(actor=CLERK)
        assert {(sent(row).is_withheld, sent(row).lines) for row in home} == {(True, ())}


def test_the_dead_who_were_protected_are_written_to_only_where_it_is_safe(home: list[Any]) -> None:
    guarded(home[0])
    dies(home[0])
    redirected(home[0], "heirs")
    assert (sent(home[0]).is_withheld, sent(home[0]).problem) == (True, "dead")


def test_another_household_tells_nothing_of_a_protected_one(home: list[Any]) -> None:
    [other] = people_of(act("move_in", people=(newcomer_said("丙山　澪", serial=31),)))
    guarded(home[0])
    assert sent(other).lines == ("架空県架空市松町１番地",)


def test_many_residents_take_as_many_statements_as_one(town: int) -> None:
    rows = [newcomer(valid_from=date(2020, 4, 1), resident_code=f"9990000{at:04}") for at in range(30)]
    guarded(rows[0])
    people, counts = [row.addressee_id for row in rows], []
    for some in (people[:1], people):
        with CaptureQueriesContext(connection) as asked:
            assert len(deliveries(some)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5
