"""Every act ex officio, of the family register and on numbers, played once for the files they make (一通りの異動)."""

from municipal.residents.acts.family import EVENTS

from .acting import ELSEWHERE, PLACE, act, child, code, day, member, newcomer_said, number, numbered, people_of
from .bad_input_ex_officio import ITEMS, REGISTER

THERE = {**PLACE, "block": "梅町", "lot": "６番地"}


def live_through_ex_officio() -> None:
    """Entered, removed, declared missing and found again, made anew; a child who comes and goes by adoption."""
    office = {"basis": "ex_officio", "notified_on": None}
    said = (newcomer_said("丁山　竹", serial=41), child("丁山　苗", serial=42), child("丁山　葉", serial=43))
    head, one, two = people_of(act("entry_ex_officio", people=said, place=THERE, **office))
    act("removal_ex_officio", people=(member(one),), event_on=day(2026, 5, 12), **office)
    act("disappearance", people=(member(two),), event_on=day(2026, 5, 12), **REGISTER)
    act("disappearance_annulled", people=(member(two, relationship="子"),), joins=head.household.number,
        event_on=day(2026, 5, 13), **REGISTER)  # fmt: skip
    for name, of_may in (("remaking", 14), ("restoration", 15)):
        act(name, people=(member(two),), event_on=day(2026, 5, of_may), **office)
    for serial, name in ((44, "special_adoption"), (45, "special_dissolution")):
        one = child("丁山　実", serial=serial, relationship="世帯主")
        [came] = people_of(act(f"{name}_coming", people=(one,), place=THERE, **REGISTER))
        act(f"{name}_leaving", people=(member(came),), place=ELSEWHERE, event_on=day(2026, 5, 18), **REGISTER)


def live_through_family_events() -> None:
    """One person to whom everything happens that a family register tells."""
    said = (newcomer_said("戊山　蘭", serial=51), child("戊山　菊", serial=52))
    _head, row = people_of(act("move_in", people=said, event_on=day(2026, 5, 1), place={**THERE, "lot": "７番地"}))
    for lot, name in enumerate(EVENTS, start=1):
        items = ITEMS.get(name, {"domicile": f"架空県架空市竹町{lot}番地"})
        act(name, people=(member(row, **items),), event_on=day(2026, 5, 2 + lot), **REGISTER)


def live_through_numbers() -> None:
    """A number is designated, changed twice and corrected; a code is changed and corrected."""
    [row] = people_of(act("move_in", people=(newcomer_said("己山　桐", serial=61),), event_on=day(2026, 5, 1)))
    for serial, name in enumerate(
        (
            "individual_number_entry", "individual_number_change", "individual_number_change_ex_officio",
            "individual_number_correction",
        ), start=1,
    ):  # fmt: skip
        act(name, people=(numbered(member(row), number(60 + serial)),), event_on=day(2026, 5, 10 + serial))
    act("resident_code_change", people=(member(row, resident_code=code(62)),), event_on=day(2026, 5, 16))
    act("resident_code_correction", people=(member(row, resident_code=code(63)),), event_on=day(2026, 5, 17))
