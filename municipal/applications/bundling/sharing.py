"""From the answers of a bundle to those of each of its applications (回答の配分)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from municipal.applications.rules.answers import Answers, People, pruned
from municipal.procedures.catalogue import Field

from .parts import Known, Part, is_set, is_ticked, setting

BABY = "baby"


def babies(parts: Sequence[Part], answers: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The newborn whom the notices of birth name, by reference; nobody before they have a name (生まれた子)."""
    found: dict[str, dict[str, str]] = {}
    for part in parts:
        rows = answers.get(part.key_of("child")) if part.entry.id == "birth" else None
        for row in rows if isinstance(rows, list) else []:
            named = {"name": row.get("given_name", ""), "kana": row.get("given_name_kana", "")}
            born = {"born_on": values["on"]} if values.get("on") else {}
            if named["name"]:
                found[f"{BABY}{part.copy}"] = {name: text for name, text in (named | born).items() if text}
    return found


def shared_out(part: Part, answers: Mapping[str, Any], known: Known, chosen: Iterable[str]) -> tuple[Answers, People]:
    """What one application says: its answers, and the people that they name (一件の回答)."""
    said: Answers = {}
    for field in part.entry.asks:
        value = _answer(part, field, answers, known, list(chosen))
        if value not in (None, "", [], {}):
            said[field.name] = value
    said = pruned(part.entry.asks, said)
    refs = _refs(part.entry.asks, said)
    return said, {ref: dict(known.people[ref]) for ref in known.people if ref in refs}


def _answer(part: Part, field: Field, answers: Mapping[str, Any], known: Known, chosen: list[str]) -> Any:
    if is_set(part, field.name, known):
        return _typed(field, setting(part, field.name, known, chosen), known)
    value = answers.get(part.key_of(field.name))
    if field.type == "group":
        return _rows(part, field, value, known, chosen)
    return _typed(field, value, known)


def _rows(part: Part, field: Field, value: Any, known: Known, chosen: list[str]) -> list[Answers]:
    """Rows with what the event says filled in; where only people were left to be said, one row for each."""
    given, left = dict[str, Any](), []
    for inner in field.fields:
        path = f"{field.name}.{inner.name}"
        if is_set(part, path, known):
            given[inner.name] = setting(part, path, known, chosen)
        else:
            left.append(inner)
    many = next((one for one in field.fields if one.type == "people" and one.name in given), None)
    if many is not None:
        refs = given.pop(many.name) or []
        return [{**_row(field, given, known), many.name: [ref]} for ref in refs]
    if not left:
        return [_row(field, given, known)]
    if is_ticked(replace(field, fields=tuple(left))) and isinstance(value, list):
        return [{**_row(field, given, known), left[0].name: [ref]} for ref in value if isinstance(ref, str)]
    rows = value if isinstance(value, list) else []
    return [_row(field, {**row, **given}, known) for row in rows if isinstance(row, dict)]


def _row(field: Field, row: Mapping[str, Any], known: Known) -> Answers:
    found = {}
    for inner in field.fields:
        value = _typed(inner, row.get(inner.name), known)
        if value not in (None, "", [], {}):
            found[inner.name] = value
    return found


def _typed(field: Field, value: Any, known: Known) -> Any:
    """A person that was chosen, as the form of the procedure wants it."""
    if field.type == "people" and isinstance(value, str):
        return [value] if value in known.people else []
    if field.type == "people" and isinstance(value, list):
        return [ref for ref in value if isinstance(ref, str) and ref in known.people]
    if field.type == "person" and isinstance(value, list):
        value = value[0] if value else None
    if field.type == "person" and isinstance(value, str):
        return dict(known.people[value]) if value in known.people else None
    return value


def _refs(fields: Sequence[Field], said: Mapping[str, Any]) -> set[str]:
    refs: set[str] = set()
    for field in fields:
        value = said.get(field.name)
        if field.type == "people" and isinstance(value, list):
            refs |= set(value)
        elif field.type == "group" and isinstance(value, list):
            for row in value:
                refs |= _refs(field.fields, row)
    return refs
