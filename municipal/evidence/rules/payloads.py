"""Messages between the intermediate server and us: written and read strictly (情報連携の電文).

The layout is ours; the official one was not at hand. No individual number, name or address stands in a question: a
person is meant by an opaque code. Whatever an answer holds beyond the table of items makes it unreadable.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from municipal.evidence.kinds import Item, items_of, kinds
from municipal.identity.rules import is_one_line

from .states import State

LARGEST, LONGEST = 32_768, 300
Items = dict[str, str | int | bool]
OUTCOMES = {"answered": State.ANSWERED, "not_found": State.NOT_FOUND, "refused": State.REFUSED}


class Unreadable(ValueError):  # noqa: N818  (said of a message, not of us)
    """A message that is none, or that says what it may not (読めない電文)."""


@dataclass(frozen=True)
class Question:
    """What is asked: by which town, for what, on which basis, of whom by an opaque code (照会)."""

    public: UUID
    town: int
    code: str
    kind: str
    procedure: str
    law: str
    article: str


@dataclass(frozen=True)
class Reply:
    """An outcome: to which question, who says it, as of which day (回答).

    ``is_withheld``: what it says may be shown to nobody but the office that asked (不開示).
    """

    public: UUID
    town: int
    outcome: State
    office: str
    as_of: date | None
    items: Items
    is_withheld: bool = False
    is_specimen: bool = False


def write_question(said: Question) -> bytes:
    """A question as it is sent (照会の電文)."""
    return json.dumps({
        "question": str(said.public), "town": f"{said.town:06d}", "code": said.code, "kind": said.kind,
        "procedure": said.procedure, "law": said.law, "article": said.article,
    }, ensure_ascii=False).encode()  # fmt: skip


def write_reply(said: Reply) -> bytes:
    """A reply as it is sent (回答の電文)."""
    return json.dumps({
        "question": str(said.public), "town": f"{said.town:06d}", "outcome": said.outcome.value, "office": said.office,
        "as_of": said.as_of.isoformat() if said.as_of else "", "items": said.items, "is_withheld": said.is_withheld,
        "is_specimen": said.is_specimen,
    }, ensure_ascii=False).encode()  # fmt: skip


def _object(body: bytes) -> Mapping[str, Any]:
    if len(body) > LARGEST:
        raise Unreadable("too large")
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("no object")
    return found


def _text(said: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    found = said.get(name)
    if not isinstance(found, str) or len(found) > LONGEST or not is_one_line(found) or (is_needed and not found):
        raise Unreadable(name)
    return found


def _town(said: Mapping[str, Any]) -> int:
    found = _text(said, "town")
    if not (len(found) == 6 and found.isascii() and found.isdigit()):
        raise Unreadable("town")
    return int(found)


def _public(said: Mapping[str, Any]) -> UUID:
    try:
        return UUID(_text(said, "question"))
    except ValueError as error:
        raise Unreadable("question") from error


def read_question(body: bytes) -> Question:
    """A question of another office. Raises Unreadable (照会の読取り)."""
    said = _object(body)
    kind = _text(said, "kind")
    if kind not in kinds():
        raise Unreadable("kind")
    return Question(
        _public(said), _town(said), _text(said, "code"), kind, _text(said, "procedure"), _text(said, "law"),
        _text(said, "article"),
    )  # fmt: skip


def read_reply(body: bytes, kind: str, today: date) -> Reply:
    """A reply to a question of this kind; nothing may be of a day to come. Raises Unreadable (回答の読取り)."""
    said = _object(body)
    outcome = OUTCOMES.get(_text(said, "outcome"))
    if outcome is None:
        raise Unreadable("outcome")
    is_answer = outcome == State.ANSWERED
    as_of = _day(_text(said, "as_of", is_needed=is_answer)) if is_answer else None
    if as_of is not None and as_of > today:
        raise Unreadable("as_of")
    return Reply(
        _public(said), _town(said), outcome, _text(said, "office"), as_of,
        _items(said.get("items"), kind) if is_answer else {}, _flag(said, "is_withheld"), _flag(said, "is_specimen"),
    )  # fmt: skip


def _flag(said: Mapping[str, Any], name: str) -> bool:
    found = said.get(name, False)
    if not isinstance(found, bool):
        raise Unreadable(name)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("day") from error


def _items(said: Any, kind: str) -> Items:
    known = items_of(kind)
    if not isinstance(said, dict) or not said or set(said) - set(known):
        raise Unreadable("items")
    return {name: _value(known[name], value) for name, value in said.items()}


def _value(item: Item, value: Any) -> str | int | bool:
    if item.type == "yes_no":
        if isinstance(value, bool):
            return value
    elif item.type in ("yen", "number"):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 99_999_999_999:
            return value
    elif isinstance(value, str) and value and len(value) <= LONGEST and is_one_line(value):
        return _day(value).isoformat() if item.type == "date" else value
    raise Unreadable(item.name)
