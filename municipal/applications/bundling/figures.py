"""How much one bundle saves: counted over the events, never typed (ワンストップの指標)."""

from collections.abc import Mapping, Sequence
from typing import Any

from municipal.procedures.catalogue import Entry, by_id

from .events import LifeEvent, life_events
from .parts import Known, Part, slots

PHONE = 1
"""Whoever is signed in is asked for nothing of themselves but a telephone number."""


def answered(event: LifeEvent) -> Known:
    """Somebody who answered every question of the event, so that no form asks it again (できごとに答えた人)."""
    return Known({one.id: one.type for one in event.questions}, "", {"someone-0": {"name": "someone"}})


def parts_of(event: LifeEvent, catalogue: Mapping[str, Entry]) -> list[Part]:
    """One application for every online procedure of an event (できごとの申請)."""
    online = [rule for rule in event.rules if rule.procedure in catalogue and catalogue[rule.procedure].is_online]
    return [Part(number, catalogue[rule.procedure], rule) for number, rule in enumerate(online, 1)]


def figures(catalogue: Sequence[Entry]) -> list[dict[str, Any]]:
    """Of each event: procedures by kind, questions of single forms, and those of one bundle (できごとの数字).

    ``alone``: what the forms ask one by one of somebody who is signed in, a telephone number each; ``in_bundle``: the
    same asked once. ``of_event``: what is asked before, of which the register answers what it knows.
    """
    known, rows = by_id(catalogue), []
    for event in life_events().values():
        parts = parts_of(event, known)
        single = sum(len(part.entry.asks) + PHONE for part in parts)
        bundle = len(slots(parts, answered(event))) + PHONE
        kinds = [known[rule.procedure].kind for rule in event.rules if rule.procedure in known]
        rows.append({
            "event": event.id, "procedures": len(kinds), "online": len(parts),
            "counter": kinds.count("counter"), "elsewhere": kinds.count("elsewhere"),
            "questions_of_event": len(event.questions), "questions_alone": single, "questions_in_bundle": bundle,
            "saved": single - bundle,
            "papers_alone": sum(not one.is_dropped for part in parts for one in part.entry.evidence),
            "papers_in_bundle": len({one.id for part in parts for one in part.entry.evidence if not one.is_dropped}),
        })  # fmt: skip
    return rows
