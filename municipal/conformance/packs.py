"""A published standard as data: items, codes, requirements and messages of one version (仕様パック).

A pack is a folder ``standards/<id>/<version>/`` of files that people can read and compare line by line. Nothing here
decides anything: rules read packs. Every line says how sure we are (``status``) and where it comes from (``source``).
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from municipal.core.codes import STANDARDS

TYPES = ("X", "N", "XN", "9", "9V", "S9", "NUM", "DATE", "MONTH", "YEAR", "TIME", "MOMENT", "FLAG", "URL", "BLOB")
"""Types of an item (データ型): X half-width, N full-width and XN any text; 9 digits, 9V and NUM numbers with a point,
S9 with a sign; DATE ``YYYY-MM-DD``, MONTH ``YYYY-MM``, TIME ``HH:MM[:SS]``, MOMENT ISO 8601; FLAG 0 or 1."""

PRESENCES = ("required", "conditional", "optional")


class UnreadablePack(Exception):  # noqa: N818  (said to the user as it stands)
    """A pack that cannot be used, and why; the command ends with status 64 (読めない仕様パック)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One data item of a table, a line of ``items.csv`` (データ項目).

    ``name_ja`` is the column heading, ``aliases`` are other headings it is known by (separated by ``|`` in the file).
    ``max_length`` counts characters. ``codes`` names a code list, ``number`` a kind of checked number.
    ``presence`` speaks of the value; ``condition`` says when a conditional one must be there, in the grammar of
    ``conditions``. ``column`` is ``must`` where the column itself may not be missing.
    ``may_be_unknown``: two more columns follow, ``_不詳フラグ`` and ``_不詳表記``.
    """

    table: str
    item: str
    name_ja: str
    name_en: str
    aliases: tuple[str, ...]
    type: str
    max_length: int | None
    decimals: int | None
    codes: str
    number: str
    presence: str
    column: str
    condition: str
    may_be_unknown: bool
    status: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class CodeValue:
    """One value of a code list, a line of ``codes.csv``; no date means always, more columns may follow (コード値)."""

    list: str
    code: str
    name_ja: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence of a standard, a line of ``requirements.csv`` (要件).

    ``clause`` is its id inside the pack, ``4.1.1.2/m3``. ``level``: must, may or must_not. ``omit``: empty, or who may
    leave it out (``designated_city``: everybody but designated cities; ``condition``: the text makes it conditional).
    ``method``: execute (``checks`` name the rules), attest, untestable or ambiguous (both with a reason).
    """

    clause: str
    section: str
    title_ja: str
    title_en: str
    level: str
    omit: str
    summary_ja: str
    summary_en: str
    method: str
    reason_ja: str
    reason_en: str
    checks: tuple[str, ...]
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is said of a broken rule, in both languages: what is wrong, why it matters, how to mend it (説明文).

    Places like ``%(limit)s`` are filled from the facts of the finding, ``%(value)s`` as the privacy level allows and
    ``%(column)s`` with the heading.
    """

    code: str
    what_ja: str
    why_ja: str
    mend_ja: str
    what_en: str
    why_en: str
    mend_en: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """One kind of file that a pack describes, from ``[tables.<name>]`` of ``pack.toml`` (ファイルの種類).

    ``files`` are name patterns (``residents*``), ``key`` the items that together are unique, ``references`` say which
    items point to which table: ``{items = ["household_number"], table = "households"}``. ``facts``
    holds everything else that ``docs/packs.md`` lists.
    """

    name: str
    title_ja: str
    title_en: str
    files: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    references: tuple[Mapping[str, Any], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Pack:
    """A standard in one version (仕様パック).

    ``kind``: ``register`` (a hand-over between systems), ``disclosure`` (goes to the public or to third parties),
    ``reference`` (lists and codes only) or ``requirements``. ``is_closed``: unknown columns and codes are findings.
    """

    folder: Path
    id: str
    version: str
    title_ja: str
    title_en: str
    publisher_ja: str
    publisher_en: str
    status: str
    licence: str
    kind: str
    is_closed: bool
    valid_from: date | None
    valid_to: date | None
    source: Mapping[str, Any]
    tables: Mapping[str, TableShape]
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        """``id@version``, as the command line takes it (パック名)."""
        return f"{self.id}@{self.version}"

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The lines of ``items.csv`` in their order (データ項目)."""
        return tuple(_item(self, row) for row in self.rows("items.csv"))

    @cached_property
    def codes(self) -> Mapping[str, tuple[CodeValue, ...]]:
        """The code lists of ``codes.csv`` by name (コード一覧)."""
        lists: dict[str, list[CodeValue]] = {}
        for line in self.rows("codes.csv"):
            row = {name: line[name] for name in CodeValue.__slots__}
            validity = {"valid_from": _day(row.pop("valid_from")), "valid_to": _day(row.pop("valid_to"))}
            value = CodeValue(**row, **validity)  # type: ignore[arg-type]
            lists.setdefault(value.list, []).append(value)
        return {name: tuple(values) for name, values in lists.items()}

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """The lines of ``requirements.csv`` in their order (要件)."""
        return tuple(
            Requirement(**{**row, "checks": tuple(row["checks"].split())})  # type: ignore[arg-type]
            for row in self.rows("requirements.csv")
        )

    @cached_property
    def messages(self) -> Mapping[str, Message]:
        """The messages of the rules that belong to this pack, by code (説明文)."""
        return {row["code"]: Message(**row) for row in self.rows("messages.csv")}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and bytes of all files of the pack, for reports and signatures (パックの要約値)."""
        total = hashlib.sha256()
        for path in sorted(self.folder.iterdir()):
            if path.is_file():
                total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The lines of one of its files, nothing when the pack has no such file; raises UnreadablePack (データの行)."""
        path = self.folder / name
        if not path.exists():
            return
        try:
            with path.open(encoding="utf-8", newline="") as lines:
                for number, row in enumerate(csv.DictReader(lines), 2):
                    if None in row or None in row.values():
                        raise UnreadablePack(f"{path}: line {number} has another number of cells than the heading")
                    yield row
        except (UnicodeDecodeError, csv.Error) as error:
            raise UnreadablePack(f"{path}: {error}") from error

    def items_of(self, table: str) -> tuple[Item, ...]:
        """The items of one table (表の項目)."""
        return tuple(item for item in self.items if item.table == table)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _item(pack: Pack, row: dict[str, str]) -> Item:
    try:
        item = Item(
            **{
                **{name: row.get(name, "") for name in (column.name for column in fields(Item))},
                "aliases": tuple(filter(None, row.get("aliases", "").split("|"))),
                "max_length": int(row["max_length"]) if row.get("max_length") else None,
                "decimals": int(row["decimals"]) if row.get("decimals") else None,
                "may_be_unknown": row.get("may_be_unknown") == "yes",
            }  # type: ignore[arg-type]
        )
    except ValueError as error:
        raise UnreadablePack(f"{pack.folder / 'items.csv'}: {row.get('name_ja')}: {error}") from error
    if item.type not in TYPES or item.presence not in PRESENCES or item.table not in pack.tables:
        raise UnreadablePack(f"{pack.folder / 'items.csv'}: {item.name_ja}: unknown type, presence or table")
    return item


def load(folder: Path) -> Pack:
    """Read the pack in ``folder``; raises UnreadablePack with the file and the reason (パックの読込み)."""
    path = folder / "pack.toml"
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        shapes = facts.pop("tables", {})
        return Pack(
            folder=folder,
            **{name: facts.pop(name) for name in ("id", "version", "title_ja", "title_en", "status", "licence")},
            publisher_ja=facts.pop("publisher_ja", ""),
            publisher_en=facts.pop("publisher_en", ""),
            kind=facts.pop("kind", "reference"),
            is_closed=facts.pop("closed", False),
            valid_from=facts.pop("valid_from", None),
            valid_to=facts.pop("valid_to", None),
            source=facts.pop("source", {}),
            tables={name: _shape(name, shape) for name, shape in shapes.items()},
            facts=facts,
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UnreadablePack(f"{path}: {type(error).__name__}: {error}") from error


def _shape(name: str, facts: dict[str, Any]) -> TableShape:
    return TableShape(
        name=name,
        title_ja=facts.pop("title_ja"),
        title_en=facts.pop("title_en"),
        files=tuple(facts.pop("files", ())),
        key=tuple(facts.pop("key", ())),
        references=tuple(facts.pop("references", ())),
        facts=facts,
    )


@cache
def shipped() -> Mapping[str, Pack]:
    """Every pack that comes with the project, by ``id@version`` (同梱の仕様パック)."""
    found = (load(path.parent) for path in sorted(STANDARDS.glob("*/*/pack.toml")))
    return {pack.name: pack for pack in found}


def find(name: str) -> Pack:
    """The pack ``id@version``, ``id`` (its newest version) or a folder; raises UnreadablePack (パックの特定)."""
    if name in shipped():
        return shipped()[name]
    versions = [pack for pack in shipped().values() if pack.id == name]
    if versions:
        return max(versions, key=lambda pack: pack.version)
    if (Path(name) / "pack.toml").exists():
        return load(Path(name))
    known = ", ".join(shipped())
    raise UnreadablePack(f"there is no pack {name!r}; known: {known}")
