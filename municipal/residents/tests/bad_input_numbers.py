"""Somebody with an individual number, and good notices for the acts on numbers (悪い届書の土台: 番号の異動)."""

from typing import Any

from municipal.residents.acts.numbers import CAUSES, CODE_ACTS
from municipal.residents.models import ResidentRecord

from .acting import PLACE, act, code, day, member, newcomer_said, number, numbered, people_of

ALONE = frozenset(CAUSES) | CODE_ACTS
"""Acts that are entered one person at a time, and that say the number with the person."""
ASKED_FIRST = {name: "no_number" for name in CAUSES if name != "individual_number_entry"}
"""Whoever has no number yet cannot change it, wherever they live: that is asked before."""
UNREADABLE: list[Any] = [
    5, True, [], {}, "1", "123456789012", "１" * 12, "x" * 101, "\0", "\ud800", "sealed:", "sealed:x:甲", "sealed:x:=",
]  # fmt: skip


def found_numbered() -> dict[str, ResidentRecord]:
    """Somebody whose individual number is known, as one of the others of the world."""
    said = numbered(newcomer_said("乙川　番", serial=85, born_on=day(1960, 5, 5)), number(1))
    return {"numbered": people_of(act("move_in", people=(said,), event_on=day(2026, 4, 1), place=PLACE))[0]}


def numbers(world: Any) -> dict[str, dict[str, Any]]:
    """By act: what its notice says besides the usual."""
    without, known = member(world.child), member(world.others["numbered"])
    said = {name: (numbered(known, number(2)),) for name in CAUSES} | {
        "individual_number_entry": (numbered(without, number(2)),),
        "resident_code_change": (member(world.child, resident_code=code(37)),),
        "resident_code_correction": (member(world.child, resident_code=code(38)),),
    }
    return {name: {"people": people} for name, people in said.items()}
