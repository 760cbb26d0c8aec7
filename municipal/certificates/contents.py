"""What one certificate or notice says, as plain data: drawn into a PDF, kept with the issue (帳票の内容).

The same contents and the same issue number always give the same PDF. An individual number is never in here: an item
names whose it is, and the drawing asks for it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

EMPTY, OMITTED = "【空欄】", "【省略】"


@dataclass(frozen=True)
class Item:
    """One field of a form: its key in the layout, its label, what stands in it (項目).

    ``number_of``: the addressee id of somebody whose individual number is drawn here.
    """

    key: str
    label: str
    text: str
    number_of: int | None = None


@dataclass(frozen=True)
class Block:
    """A person on a form, a stretch of history, or an annex (欄)."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Contents:
    """Everything that a form says but its issue number (帳票の内容).

    ``heads``: what is said once for everybody. ``people``: a block each. ``annexes``: blocks that begin on a page of
    their own. ``marks``: 公用 or 再交付. ``addressed`` and ``body`` are used by letters only. ``seal``: the id of the
    seal to draw, None for none. ``keeps_cut``: of what does not fit, print what fits; else leave the field empty.
    """

    kind: str
    title: str
    town: str
    heads: tuple[Item, ...] = ()
    people: tuple[Block, ...] = ()
    annexes: tuple[Block, ...] = ()
    marks: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    attestation: str = ""
    dated: str = ""
    officer: str = ""
    officer_name: str = ""
    seal: int | None = None
    phrases: tuple[str, ...] = ()
    keeps_cut: bool = True

    def numbers(self) -> tuple[int, ...]:
        """Whose individual numbers are to be drawn (個人番号の記載対象)."""
        items = [item for block in (*self.people, *self.annexes) for item in block.items]
        return tuple(item.number_of for item in (*self.heads, *items) if item.number_of is not None)


def as_json(contents: Contents) -> dict[str, Any]:
    """The contents as JSON keeps them (保存形)."""
    # Through JSON: what comes back from the database and what has just been made are alike.
    said: dict[str, Any] = json.loads(json.dumps(asdict(contents)))
    return said


def read(said: Mapping[str, Any]) -> Contents:
    """The contents that ``as_json`` wrote (読取り)."""
    values = dict(said)
    for name in ("people", "annexes"):
        values[name] = tuple(Block(one["heading"], _items(one["items"])) for one in values[name])
    values["heads"] = _items(values["heads"])
    for name in ("marks", "addressed", "body", "phrases"):
        values[name] = tuple(values[name])
    return Contents(**values)


def _items(said: list[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(**one) for one in said)
