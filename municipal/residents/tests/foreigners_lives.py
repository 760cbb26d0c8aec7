"""Every act of foreign residents, names and special moves, played once for the files they make (一通りの異動)."""

from datetime import date, datetime
from typing import Any

from municipal.core import clock
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import CHIEF, ELSEWHERE, PLACE, act, day, member, newcomer_said, people_of
from municipal.residents.tests.test_foreigners import STAY

THERE = {**PLACE, "block": "竹町", "lot": "８番地"}


def stays(serial: int, name: str, card: str, **items: Any) -> Any:
    said = {**STAY, "name": name, "roman_name": name, "residence_card_number": card} | items
    return newcomer_said(**said, serial=serial)


def live_through_foreigners() -> None:
    """First entries, names, nationality, the agency's notices, moves by card, unreported moves."""
    alice = people_of(act("article30_46", people=(stays(71, "EXAMPLE ALICE", "AB12345671CD"),), place=PLACE))[0]
    bob = people_of(act("article30_47", people=(stays(72, "EXAMPLE BOB", "AB12345672CD"),), place=THERE))[0]
    act("place_notification", people=(member(alice),), event_on=day(2026, 5, 12))
    act("alias_entry", people=(member(alice, alias="例示　愛"),), event_on=day(2026, 5, 12), basis="application")
    act("alias_deletion", people=(member(alice),), event_on=day(2026, 5, 13), basis="application")
    longer = {"stay_years": 5, "stay_expires_on": date(2031, 5, 15)}
    act("immigration_correction", people=(member(bob, **longer),), event_on=day(2026, 5, 15), basis="immigration")
    act("immigration_removal", people=(member(bob),), event_on=day(2026, 5, 16), basis="immigration")
    japanese = {"domicile": "架空県架空市松町１番地", "register_head": "例示　愛"}
    said = member(alice, name="例示　愛", family_name="例示", given_name="愛", **japanese)
    act("naturalisation", people=(said,), event_on=day(2026, 5, 16), basis="family_register")
    for name, items in (
        ("former_surname_entry", {"former_family_name": "旧野"}),
        ("former_surname_change", {"former_family_name": "元野"}),
        ("former_surname_deletion", {}),
    ):  # fmt: skip
        act(name, people=(member(alice, **items),), event_on=day(2026, 5, 17), basis="request")
    lost = member(alice, name="EXAMPLE ALICE", roman_name="EXAMPLE ALICE", nationality="例示国")
    act("nationality_lost", people=(lost,), event_on=day(2026, 5, 18), basis="family_register")
    again = member(alice, name="例示　愛", **japanese)
    act("nationality_acquired", people=(again,), event_on=day(2026, 5, 19), basis="family_register")
    unreported = newcomer_said(
        "未届　一", serial=73, last_registered_address="見本県例示町", has_individual_number_card=True
    )
    one = people_of(act("move_in_unreported", people=(unreported,), came_from=ELSEWHERE, place=THERE))[0]
    act("move_out_by_card", people=(member(one),), place=ELSEWHERE, event_on=day(2026, 5, 30))
    with clock.stopped_at(datetime(2026, 5, 30, 9, tzinfo=clock.TOKYO)):
        remove_announced(actor=CHIEF)
