"""From what was typed to a notice, and from a notice back to the screen (届書と入力欄の対応)."""

from collections.abc import Callable, Mapping
from typing import Any

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.residents.models import Kind
from municipal.residents.notices import PARTS, Notice, Said
from municipal.residents.rules.kinship import HEAD as HEAD_OF_HOUSEHOLD
from municipal.residents.shown import written

from .entries import EntryForm, Scene
from .entry_fields import NAMES
from .entry_shapes import ASKED, FIXES, HEAD, HERE, MEMBERS, NEWCOMERS, SEATED

SPACE = "\u3000"


@implements("resident-record/1.0#4.0.10/m2")
def notice_of(
    form: EntryForm, *, cancels: int | None, corrects: int | None, answers: int | None, confirmed: frozenset[str]
) -> Notice:  # fmt: skip
    """What a valid form says (届書の組立て)."""
    said, scene = form.cleaned_data, form.scene
    people, others = _people(form)
    answers = answers or (scene.former.answers if scene.former else None)
    if said["event_on"] is not None and scene.act == "birth":
        people = tuple(Said(one.number, {**one.items, "born_on": said["event_on"]}) for one in people)
    return Notice(
        act=scene.act, event_on=said["event_on"], notified_on=said["notified_on"], basis=said["basis"],
        notifier_name=said["notifier_name"], notifier_capacity=said["notifier_capacity"],
        identity_check=said["identity_check"], people=people, others=others, joins=said.get("joins", ""),
        place=_place(form, "place"), came_from=_place(form, "came_from"), planned_on=said.get("planned_on"),
        cancels=cancels, corrects=corrects, answers=answers, confirmed=confirmed,
    )  # fmt: skip


def _people(form: EntryForm) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """Whom the act moves, the future head first, and who stays with something changed."""
    said, scene = form.cleaned_data, form.scene
    shape = scene.shape.people
    if shape == NEWCOMERS:
        rows = [_newcomer(form, index) for index in range(scene.rows) if form.is_filled(index)]
        return _head_first(rows), ()
    if shape in (MEMBERS, SEATED):
        return _head_first([Said(number, _seat(said, number)) for number in said["movers"]]), ()
    if shape == HEAD:
        head = said["head"]
        rest = [one.addressee.number for one in scene.members if one.addressee.number != head]
        others = tuple(Said(number, _seat(said, number)) for number in rest if _seat(said, number))
        return ((Said(head),) if head else ()), others
    if shape == ASKED and scene.record is not None:
        return (Said(scene.record.addressee.number, _asked(said, scene)),), ()
    if shape == FIXES and scene.record is not None:
        with_it = [Said(number) for number in said.get("movers") or () if scene.shape.with_others]
        return (Said(scene.record.addressee.number, _fixed(said, scene.rows)), *with_it), ()
    return (), ()


def _head_first(people: list[Said]) -> tuple[Said, ...]:
    return tuple(sorted(people, key=lambda one: one.items.get("relationship") != HEAD_OF_HOUSEHOLD))


def _seat(said: Mapping[str, Any], number: str) -> dict[str, str]:
    relationship = said.get(f"member-{number}-relationship")
    return {"relationship": relationship} if relationship else {}


def _fixed(said: Mapping[str, Any], rows: int) -> dict[str, Any]:
    named = [(said[f"fix-{index}-item"], said[f"fix-{index}-value"]) for index in range(rows)]
    return {item: value for item, value in named if item}


def _asked(said: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    """What was typed for the items that the act asks for, and the whole name that follows from its parts."""
    found = {name: said.get(f"item-{name}") for name in scene.shape.asks}
    items = {name: value for name, value in found.items() if value not in (None, "")}
    return items | _whole_names(items | {"kind": scene.shape.kind})


def _newcomer(form: EntryForm, index: int) -> Said:
    """One row; of somebody who comes back only what was typed, the rest is in the register."""
    prefix = f"people-{index}-"
    said = {name.removeprefix(prefix): value for name, value in form.cleaned_data.items() if name.startswith(prefix)}
    number = said.pop("number", "")
    if number:
        said.pop("kind", None)
    items = {name: value for name, value in said.items() if value not in (None, "")}
    items |= _whole_names(items)
    return Said(number, {**_unasked(form, index, number), **items})


def _whole_names(items: Mapping[str, Any]) -> dict[str, str]:
    """The name and its reading as one; a foreign resident's name is the one in Roman letters, where there is one."""
    if items.get("kind") == Kind.FOREIGN and (items.get("roman_name") or items.get("kanji_name")):
        return {"name": items.get("roman_name") or items["kanji_name"]}
    family, given, family_kana, given_kana = (items.get(name, "") for name in NAMES)
    found = {"name": SPACE.join(filter(None, (family, given)))}
    found["name_kana"] = SPACE.join(filter(None, (family_kana, given_kana)))
    return {name: text for name, text in found.items() if text}


def _unasked(form: EntryForm, index: int, number: str) -> dict[str, Any]:
    """What an earlier notice says of this person that the screen does not ask for."""
    former = form.scene.former
    if former is None or index >= len(former.people) or former.people[index].number != number:
        return {}
    shown = {name.removeprefix(f"people-{index}-") for name in form.fields}
    kept = former.people[index].items
    return {name: value for name, value in kept.items() if name not in shown | {"name", "name_kana"}}


def _place(form: EntryForm, prefix: str) -> dict[str, str]:
    """The parts that were typed; this town's code where it is this town's address."""
    said = {part: form.cleaned_data.get(f"{prefix}-{part}", "") for part in PARTS}
    found = {part: text for part, text in said.items() if text}
    town = form.scene.town
    if prefix == "place" and form.scene.shape.place == HERE and found.get("city") == town.name:
        found["municipality_code"] = town.code
    former = getattr(form.scene.former, prefix, {})
    for code, text in (("municipality_code", "city"), ("block_code", "block"), ("country_code", "country")):
        if code in former and former.get(text, "") == found.get(text, ""):
            found.setdefault(code, former[code])
    return found


def initial_of(notice: Notice, scene: Scene, may_show: Callable[[str], bool]) -> dict[str, Any]:
    """What the screen shows of a notice that is to be amended (修正の初期値).

    ``may_show`` says of an item whether it may be shown; what may not stays empty and is typed again.
    """
    plain = (
        "event_on",
        "notified_on",
        "planned_on",
        "basis",
        "notifier_name",
        "notifier_capacity",
        "identity_check",
        "joins",
    )
    found: dict[str, Any] = {name: getattr(notice, name) for name in plain}
    found["movers"] = [one.number for one in notice.people]
    found["head"] = notice.people[0].number if notice.people else ""
    for index, one in enumerate(notice.people):
        shown = {name: value for name, value in one.items.items() if may_show(name)}
        if scene.shape.people == FIXES:
            found |= _initial_of_fixes(shown)
        elif scene.shape.people == ASKED:
            found |= {f"item-{name}": value for name, value in shown.items()}
        else:
            found |= _initial_of_row(index, one.number, shown)
    for one in (*notice.people, *notice.others):
        found[f"member-{one.number}-relationship"] = one.items.get("relationship", "")
    if may_show("address_city"):
        for prefix in ("place", "came_from"):
            found |= {f"{prefix}-{part}": text for part, text in getattr(notice, prefix).items()}
    return found


def _initial_of_row(index: int, number: str, items: dict[str, Any]) -> dict[str, Any]:
    family, _, given = str(items.get("name", "")).partition(SPACE)
    family_kana, _, given_kana = str(items.get("name_kana", "")).partition(SPACE)
    if items.get("kind", "1") == Kind.JAPANESE:
        items = {
            "family_name": family,
            "given_name": given,
            "family_kana": family_kana,
            "given_kana": given_kana,
            **items,
        }
    else:
        items.setdefault("roman_name", items.get("name", ""))
    return {f"people-{index}-number": number} | {f"people-{index}-{name}": value for name, value in items.items()}


def _initial_of_fixes(items: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, (name, value) in enumerate(items.items()):
        found[f"fix-{index}-item"], found[f"fix-{index}-value"] = name, written(name, value, kind=Kind.JAPANESE)
    return found


@implements("resident-record/1.0#4.2.0.4/m2", "resident-record/1.0#4.2.0.5/m3")
def first_initial(scene: Scene, codes: list[str]) -> dict[str, Any]:
    """What a new entry shows: everything known but the day of the event (4.0.3) (入力の初期値)."""
    shape, town = scene.shape, scene.town
    here = {"place-prefecture": town.prefecture, "place-city": town.name} if shape.place == HERE else {}
    own = scene.record.addressee.number if scene.record else ""
    members = [one.addressee.number for one in scene.members]
    movers = members if shape.everybody else [number for number in members if number == own]
    found: dict[str, Any] = {"notified_on": clock.today(), "basis": shape.basis, "movers": movers, **here}
    for index, code in enumerate(codes):
        found[f"people-{index}-resident_code"] = code
    if scene.act == "birth" and scene.record is not None:
        found |= {"joins": scene.record.household.number, "people-0-relationship": "子"}
        found["people-0-family_name"] = next(
            (one.family_name for one in scene.members if one.relationship == HEAD_OF_HOUSEHOLD), ""
        )
    return found
