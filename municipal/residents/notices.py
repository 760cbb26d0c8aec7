"""What a clerk enters for an act, as plain data (届書の内容).

A notice travels as JSON: from the API, into the table of provisional entries and back. Dates are in the stored form of
``RegisterDate`` or ISO 8601; items go by the field names of a resident record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from municipal.addressees.fields import ABROAD_PARTS, ADDRESS_PARTS, RegisterDateField, glyphs_of
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.numbers.sealing import Digits, as_token, is_token

from .models import Basis, Capacity, IdentityCheck, ResidentRecord

PARTS = (*ADDRESS_PARTS, *ABROAD_PARTS)
MOST_PEOPLE = 30
NOT_SAID = frozenset(
    {
        "id", "municipality_id", "addressee_id", "household_id", "event_id", "serial", "recorded_at", "source_at",
        "processed_on", "status", "reason", "event_on", "notified_on", "notice_on", "applied_on",
    }
)  # fmt: skip
ITEMS: Mapping[str, Any] = {
    field.attname: field for field in ResidentRecord._meta.fields if field.attname not in NOT_SAID
}
"""The items of a record that a notice may say; the register itself gives all others."""


@dataclass(frozen=True)
class Said:
    """One person in a notice: the addressee number, empty for a newcomer, and the items said of them (異動者).

    ``individual_number``: sealed, as ``numbers.sealing.as_token`` made it; empty where the notice says none.
    """

    number: str = ""
    items: Mapping[str, Any] = field(default_factory=dict)
    individual_number: str = ""


@dataclass(frozen=True)
class Notice:
    """One act as entered (届書).

    ``people``: whom the act moves, the future head first where they form a household. ``others``: members of the
    household who stay, with what changes for them (their relationship). ``joins``: the number of the household that
    the people become part of; empty, they form one of their own. ``place``: an address by its parts: where they
    live now, or for a move-out where they go. ``came_from``: the address before a move-in. ``planned_on``: the planned
    day of the move-out certificate (move-in by card). ``cancels``: id of the event to cancel. ``answers``: id of the
    received notice that it takes in. ``corrects``: serial of the row to correct. ``confirmed``: codes of alerts that
    the clerk has seen and goes on from.
    """

    act: str
    event_on: RegisterDate | None = None
    notified_on: date | None = None
    basis: str = Basis.NOTICE.value
    notifier_name: str = ""
    notifier_capacity: str = ""
    identity_check: str = ""
    people: tuple[Said, ...] = ()
    others: tuple[Said, ...] = ()
    joins: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    came_from: Mapping[str, str] = field(default_factory=dict)
    planned_on: date | None = None
    cancels: int | None = None
    answers: int | None = None
    corrects: int | None = None
    confirmed: frozenset[str] = frozenset()

    def confirming(self, *codes: str) -> "Notice":
        """The same notice with further alerts confirmed (確認済み)."""
        return replace(self, confirmed=self.confirmed | frozenset(codes))


def as_json(notice: Notice) -> dict[str, Any]:
    """The notice as JSON can hold it; ``read`` gives the same notice back (保存形)."""
    said = {name: getattr(notice, name) for name in notice.__dataclass_fields__}
    return said | {
        "event_on": str(notice.event_on) if notice.event_on else None,
        "notified_on": notice.notified_on.isoformat() if notice.notified_on else None,
        "planned_on": notice.planned_on.isoformat() if notice.planned_on else None,
        "people": [_said_as_json(one) for one in notice.people],
        "others": [_said_as_json(one) for one in notice.others],
        "place": dict(notice.place),
        "came_from": dict(notice.came_from),
        "confirmed": sorted(notice.confirmed),
    }


def _said_as_json(said: Said) -> dict[str, Any]:
    items = {name: value if isinstance(value, bool | int | None) else str(value) for name, value in said.items.items()}
    sealed = {"individual_number": said.individual_number} if said.individual_number else {}
    return {"number": said.number, "items": items, **sealed}


def read(said: Mapping[str, Any]) -> Notice:
    """The notice in ``said``. Raises Refused, naming the field, for anything that is none (届書の読取り)."""
    unknown = [name for name in said if name not in Notice.__dataclass_fields__]
    if unknown:
        raise Refused(
            "届書に知らない項目「%(name)s」があります。", field="notice", code="bad_request", name=_short(unknown[0])
        )
    return Notice(
        act=_text(said, "act", 40),
        event_on=_register_date(said.get("event_on"), "event_on"),
        notified_on=_day(said.get("notified_on"), "notified_on"),
        basis=_choice(said, "basis", Basis, Basis.NOTICE.value),
        notifier_name=_text(said, "notifier_name", 100),
        notifier_capacity=_choice(said, "notifier_capacity", Capacity),
        identity_check=_choice(said, "identity_check", IdentityCheck),
        people=_people(said.get("people"), "people"),
        others=_people(said.get("others"), "others"),
        joins=_text(said, "joins", 15),
        place=_place(said.get("place"), "place"),
        came_from=_place(said.get("came_from"), "came_from"),
        planned_on=_day(said.get("planned_on"), "planned_on"),
        cancels=_whole(said.get("cancels"), "cancels"),
        answers=_whole(said.get("answers"), "answers"),
        corrects=_whole(said.get("corrects"), "corrects"),
        confirmed=frozenset(
            _text({"confirmed": code}, "confirmed", 60) for code in _list(said.get("confirmed"), "confirmed")
        ),
    )


def _short(name: object) -> str:
    text = str(name)[:40]
    return text if text.isprintable() else "?"


def _unfit(field: str) -> Refused:
    return Refused("入力された値を読み取れません。形を確かめてください。", field=field, code="invalid")


def _text(said: Mapping[str, Any], name: str, most: int) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unfit(name)
    refuse_unstorable(value, most, name)
    return value


def _choice(said: Mapping[str, Any], name: str, choices: type[models.TextChoices], default: str = "") -> str:
    value = _text(said, name, 40) or default
    if value not in choices.values:
        raise _unfit(name)
    return value


def _whole(value: Any, name: str) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise _unfit(name)
    return value


def _day(value: Any, name: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _unfit(name) from None


def _register_date(value: Any, name: str) -> RegisterDate | None:
    if value is None or value == "":
        return None
    if isinstance(value, RegisterDate):
        return value
    try:
        return RegisterDate.parse(str(value))
    except Refused as refused:
        refused.field, refused.code = name, "invalid"
        raise


def _list(value: Any, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _unfit(name)
    if len(value) > MOST_PEOPLE:
        raise Refused("一つの届に書けるのは%(most)d人までです。", field=name, code="invalid", most=MOST_PEOPLE)
    return list(value)


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _unfit(name)
    return value


def _place(value: Any, name: str) -> dict[str, str]:
    found = _mapping(value, name)
    if any(part not in PARTS for part in found):
        raise _unfit(name)
    return {part: _text(found, part, 300) for part in found}


def _people(value: Any, name: str) -> tuple[Said, ...]:
    return tuple(_said(one, name) for one in _list(value, name))


def _said(value: Any, name: str) -> Said:
    found = _mapping(value, name)
    if any(key not in {"number", "items", "individual_number"} for key in found):
        raise _unfit(name)
    items = _mapping(found.get("items"), name)
    return Said(
        _text(found, "number", 15),
        {item: item_value(item, said) for item, said in items.items()},
        _sealed(_text(found, "individual_number", 100)),
    )


def _sealed(text: str) -> str:
    """An individual number is sealed where it comes in; from there on it travels sealed only (個人番号)."""
    return text if not text or is_token(text) else as_token(Digits(text))


def _is_of(model_field: Any, value: Any) -> bool:
    """Whether JSON or a form may give this for the field: text for anything, else its own kind and no other."""
    if value is None or isinstance(value, str):
        return True
    if isinstance(value, bool) or isinstance(model_field, models.BooleanField):
        return isinstance(value, bool) and isinstance(model_field, models.BooleanField)
    if isinstance(model_field, models.IntegerField):
        return isinstance(value, int)
    return isinstance(model_field, models.DateField) and isinstance(value, date)


@implements("resident-record/1.0#1.1.1/m1", "resident-record/1.0#1.1.8/m2", "resident-record/1.0#1.1.8/m4")
def item_value(name: str, value: Any) -> Any:
    """The value of item ``name`` as a record holds it. Raises Refused, naming the item (項目の値)."""
    model_field = ITEMS.get(name)
    if model_field is None:
        raise Refused(
            "届書で入力できない項目「%(name)s」があります。", field="items", code="invalid", name=_short(name)
        )
    if isinstance(model_field, RegisterDateField):
        return _register_date(value, name)
    if not _is_of(model_field, value):
        raise _unfit(name)
    try:
        found = model_field.to_python(value if value != "" or isinstance(model_field, models.CharField) else None)
        if isinstance(model_field, models.CharField):
            refuse_unstorable(found or "", glyphs_of(model_field) or model_field.max_length or 0, name)
            found = found or ""
        if found not in (None, ""):
            model_field.run_validators(found)
    except (ValidationError, TypeError):
        raise _unfit(name) from None
    if model_field.choices and found not in dict(model_field.flatchoices):
        raise _unfit(name)
    return found
