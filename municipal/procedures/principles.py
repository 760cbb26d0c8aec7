"""The three principles of the Digital Procedures Act as figures that are counted, never typed (三原則の指標).

Digital First: what still needs paper or a visit, and why. Once Only: what is asked, what is held, which documents are
no longer attached. Connected One Stop: which procedures belong to one event, and what they would ask twice.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .catalogue import Entry, table
from .guide import events
from .rules import circle_of

Figures = dict[str, Any]


def figures(entries: Sequence[Entry]) -> Figures:
    """Everything that is reported of a catalogue (三原則の数字)."""
    return {
        "procedures": {"all": len(entries), **Counter(entry.kind for entry in sorted(entries, key=lambda e: e.kind))},
        "digital_first": digital_first(entries),
        "once_only": once_only(entries),
        "connected_one_stop": connected(entries),
        "drafted": drafted(entries),
    }


def digital_first(entries: Sequence[Entry]) -> Figures:
    """How many procedures can be completed from home, and what keeps the others (デジタルファースト)."""
    taken = [entry for entry in entries if entry.kind in ("online", "counter")]
    complete = [entry for entry in taken if entry.is_complete_online]
    return {
        "taken_here": len(taken), "online": sum(entry.is_online for entry in taken), "complete_online": len(complete),
        "complete_online_percent": _percent(len(complete), len(taken)),
        "paper_steps": sum(len(entry.paper_steps) for entry in taken),
        "steps": [
            {"id": entry.id, "title": entry.title.ja, "step": step["step"]["ja"], "why": step["why"]["ja"],
             "basis": step["basis"]}
            for entry in taken
            for step in entry.content["paper_steps"]
        ],
    }  # fmt: skip


def once_only(entries: Sequence[Entry]) -> Figures:
    """How much is asked, held and no longer attached; nothing may be both asked and held (ワンスオンリー)."""
    evidence = [one for entry in entries for one in entry.evidence]
    return {
        **counts(entries),
        "asked_and_held": [
            {"id": entry.id, "name": name}
            for entry in entries
            for name in sorted({field.name for field in entry.asks} & {one.name for one in entry.holds})
        ],
        "notice_items_confirmed": sum(one.is_notice_item for entry in entries for one in entry.holds),
        "held_without_basis": sum(not one.basis.law for entry in entries for one in entry.holds),
        "held_with_unverified_basis": sum(one.basis.status != "seen" for entry in entries for one in entry.holds),
        "documents_of_events": [
            {"event": event} | _documents([entry for entry in entries if event in entry.events]) for event in events()
        ],
        "obtained": dict(sorted(Counter(one.obtained for one in evidence).items())),
    }


def counts(entries: Sequence[Entry]) -> dict[str, int]:
    """Questions, groups of held data, documents dropped and documents that remain (項目数)."""
    return {
        "asked": sum(len(entry.asks) for entry in entries), "held": sum(len(entry.holds) for entry in entries),
    } | _documents(entries)  # fmt: skip


def _documents(entries: Sequence[Entry]) -> dict[str, int]:
    evidence = [one for entry in entries for one in entry.evidence]
    dropped = sum(one.is_dropped for one in evidence)
    return {"dropped": dropped, "remaining": len(evidence) - dropped}


def connected(entries: Sequence[Entry]) -> Figures:
    """Of each event: its procedures, its questions asked once and summed up; what follows what (ワンストップ)."""
    return {
        "events": [_event(event, [entry for entry in entries if event in entry.events]) for event in events()],
        "follow_ups": sum(len(entry.follows) for entry in entries),
        "ex_officio": sum(one["is_ex_officio"] for entry in entries for one in entry.content["follows"]),
        "circles": circle_of({entry.id: entry.after for entry in entries}),
    }


def _event(event: str, entries: Sequence[Entry]) -> Figures:
    names = [field.name for entry in entries for field in entry.asks]
    return {
        "event": event, "procedures": len(entries), "questions": len(names), "questions_asked_once": len(set(names)),
        "saved": len(names) - len(set(names)),
    }  # fmt: skip


def drafted(entries: Sequence[Entry]) -> Figures:
    """The 38 procedures of the first draft: what was promised of them, and what the catalogue says (38手続の検算)."""
    known, rows = {entry.id: entry for entry in entries}, table("drafted")
    found = [known[row["id"]] for row in rows if row["id"] in known]
    names = ("asked", "held", "dropped", "remaining")
    return {
        "procedures": len(rows),
        "missing": [row["id"] for row in rows if row["id"] not in known],
        "promised": {name: sum(int(row[name]) for row in rows) for name in names},
        "counted": counts(found),
        "different": [
            row["id"]
            for row in rows
            if row["id"] in known and any(counts([known[row["id"]]])[name] != int(row[name]) for name in names)
        ],
    }


def rows(found: Figures) -> list[tuple[str, str, str, int]]:
    """Every figure as a line of a table: principle, what is counted, of which event, how many (三原則の数字の行)."""
    lines = [
        (principle, name, "", value)
        for principle in ("digital_first", "once_only") for name, value in found[principle].items()
        if isinstance(value, int)
    ]  # fmt: skip
    lines.append(("once_only", "asked_and_held", "", len(found["once_only"]["asked_and_held"])))
    for one in found["once_only"]["documents_of_events"]:
        lines += [("once_only", name, one["event"], one[name]) for name in ("dropped", "remaining")]
    for one in found["connected_one_stop"]["events"]:
        lines += [("connected_one_stop", name, one["event"], value) for name, value in one.items() if name != "event"]
    for side in ("promised", "counted"):
        lines += [("drafted", f"{side}_{name}", "", value) for name, value in found["drafted"][side].items()]
    return lines


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0
