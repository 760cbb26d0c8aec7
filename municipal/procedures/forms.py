"""The form of a procedure as a contract of data: JSON Schema 2020-12 (申請フォームのスキーマ)."""

from collections.abc import Sequence
from typing import Any

from .catalogue import Entry, Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONGEST_TEXT = 2000
Schema = dict[str, Any]

_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_REFERENCE = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_PERSON = {
    "type": "object",
    "properties": {
        "name": {**_TEXT, "maxLength": 100},
        "kana": {**_TEXT, "maxLength": 100},
        "born_on": {"type": "string", "format": "date"},
        "relationship": {"type": "string", "maxLength": 40},
    },
    "required": ["name"],
    "additionalProperties": False,
}
_ACCOUNT = {
    "type": "object",
    "properties": {
        "bank": {"type": "string", "pattern": "^[0-9]{4}$"},
        "branch": {"type": "string", "pattern": "^[0-9]{3}$"},
        "kind": {"enum": ["ordinary", "current", "savings"]},
        "number": {"type": "string", "pattern": "^[0-9]{7}$"},
        "holder": {**_TEXT, "maxLength": 60},
    },
    "required": ["bank", "branch", "kind", "number", "holder"],
    "additionalProperties": False,
}
_REGISTERED = {
    "type": "object",
    "properties": {"registered": {"const": True}},
    "required": ["registered"],
    "additionalProperties": False,
}


def schema_of(entry: Entry) -> Schema:
    """The JSON Schema of the answers to an entry's questions (回答のスキーマ)."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:kijun:procedure:{entry.id}:{entry.version}",
        "title": entry.title.ja,
        **_object(entry.asks),
    }


def _object(fields: Sequence[Field]) -> Schema:
    """Answers to questions; one that was not asked must not be answered, one that was asked must."""
    schema: Schema = {
        "type": "object",
        "properties": {field.name: {"title": field.label.ja, **_value(field)} for field in fields},
        "required": [field.name for field in fields if field.is_required and not field.condition],
        "additionalProperties": False,
    }
    conditions = [_condition(field, fields) for field in fields if field.condition]
    return schema | ({"allOf": conditions} if conditions else {})


def _condition(field: Field, fields: Sequence[Field]) -> Schema:
    asked = field.condition
    if asked is None:
        raise ValueError(f"{field.name} is always asked")
    earlier = next(one for one in fields if one.name == asked.field)
    answers: list[Any] = [one == "yes" for one in asked.answers] if earlier.type == "yes_no" else list(asked.answers)
    holds = {"contains": {"enum": answers}} if earlier.type == "choices" else {"enum": answers}
    when = {"properties": {asked.field: holds}, "required": [asked.field]}
    then: Schema = {"required": [field.name]} if field.is_required else {}
    return {"if": when, "then": then, "else": {"properties": {field.name: False}}}


def _value(field: Field) -> Schema:
    values = [option.value for option in field.options]
    most = {"maxItems": field.most} if field.most else {}
    shapes: dict[str, Schema] = {
        "date": {"type": "string", "format": "date"},
        "text": {**_TEXT, "maxLength": field.most or LONGEST_TEXT},
        "choice": {"enum": values},
        "choices": {"type": "array", "items": {"enum": values}, "uniqueItems": True, "minItems": 1, **most},
        "yes_no": {"type": "boolean"},
        "number": {"type": "integer", "minimum": 0, "maximum": field.most or 1_000_000_000},
        "person": _PERSON,
        "people": {"type": "array", "items": _REFERENCE, "uniqueItems": True, "minItems": 1, **most},
        "address": {**_TEXT, "maxLength": 300},
        "account": {"oneOf": [_REGISTERED, _ACCOUNT]} if field.is_for_benefits else _ACCOUNT,
        "file": {"type": "array", "items": _REFERENCE, "minItems": 1, "maxItems": max(field.most, 1)},
    }
    if field.type == "group":
        return {"type": "array", "items": _object(field.fields), "minItems": 1, **most}
    return shapes[field.type]
