"""What may be asked of other offices, whom, and on which basis: a table and nothing beside it (照会の種類)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from municipal.procedures.catalogue import Basis, Entry, Evidence, Held, Text, table

LINKAGE = "linkage"
"""How a catalogue entry says that something comes from another office, and how the table says by which way."""


@dataclass(frozen=True)
class Kind:
    """One kind of information that other offices hold (照会の種類).

    ``documents``: the papers of the catalogue that it replaces; ``paths``: the held items; ``via``: over which network,
    only LINKAGE is asked here; ``is_of_towns``: municipalities keep it; ``basis``: unless the entry names another.
    """

    name: str
    documents: tuple[str, ...]
    paths: tuple[str, ...]
    via: str
    is_of_towns: bool
    basis: Basis
    title: Text
    office: Text


@dataclass(frozen=True)
class Item:
    """One item of an answer: date, yen, number, yes_no or text (回答の項目)."""

    name: str
    type: str
    label: Text


@dataclass(frozen=True)
class Wanted:
    """What one procedure needs of one kind: papers and held items, and the law that permits asking (照会できる情報)."""

    kind: Kind
    documents: tuple[Evidence, ...]
    held: tuple[Held, ...]
    basis: Basis


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name, in the order of the table (照会の種類の一覧)."""
    return {
        row["kind"]: Kind(
            row["kind"], _parts(row["documents"]), _parts(row["paths"]), row["via"], row["of_towns"] == "yes",
            Basis(row["law"], row["article"], row["status"]),
            Text(row["ja"], row["ja_easy"], row["en"], row["ko"]),
            Text(row["office_ja"], row["office_ja_easy"], row["office_en"], row["office_ko"]),
        )
        for row in table("linkage")
    }  # fmt: skip


@cache
def items_of(kind: str) -> dict[str, Item]:
    """The items that an answer of this kind may hold, by name (回答の項目の一覧)."""
    return {
        row["item"]: Item(row["item"], row["type"], Text(row["ja"], row["ja_easy"], row["en"], row["ko"]))
        for row in table("linkage_items") if row["kind"] == kind
    }  # fmt: skip


def kind_of_document(document: str) -> Kind | None:
    """The kind that replaces a paper of the catalogue; None where the table has none (書類に代わる照会)."""
    return next((kind for kind in kinds().values() if document in kind.documents), None)


def wanted_of(entry: Entry) -> tuple[Wanted, ...]:
    """What may be asked through the linkage for a procedure; nothing without a recorded law (照会できる情報)."""
    return tuple(one for kind in kinds().values() if (one := _wanted(entry, kind)) and one.basis.law)


def _wanted(entry: Entry, kind: Kind) -> Wanted | None:
    if kind.via != LINKAGE:
        return None
    documents = tuple(one for one in entry.evidence if one.obtained == LINKAGE and one.id in kind.documents)
    held = tuple(one for one in entry.holds if one.source == LINKAGE and one.path in kind.paths)
    if not documents and not held:
        return None
    return Wanted(kind, documents, held, _basis([one.basis for one in held], kind.basis))


def _basis(own: Iterable[Basis], usual: Basis) -> Basis:
    return next((one for one in own if one.law), usual)
