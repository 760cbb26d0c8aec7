"""What was typed or is recorded already is offered again, not typed twice (一括入力・本籍入力補助; #4.0.6, #4.0.10)."""

from collections.abc import Iterator, Mapping
from typing import Any

from municipal.core.clauses import implements
from municipal.core.codes import local_governments
from municipal.identity.access import StaffRequest
from municipal.residents.models import Kind, ResidentRecord
from municipal.residents.rules.kinship import HEAD
from municipal.residents.secrecy import secrets
from municipal.web.forms.entries import Scene
from municipal.web.forms.entry_notices import SPACE

FAMILY_REGISTER = "item.family_register"
OF_THE_ROW_BEFORE = ("family_name", "family_kana", "domicile", "register_head")
"""What the next person of a family mostly shares with the one before; a former surname is never taken over."""
PLACES = ("place", "came_from")
MOST = 20
FICTIONAL = "99"
"""No prefecture has this number: made-up municipalities do."""


@implements(
    "resident-record/1.0#4.0.10/m1", "resident-record/1.0#4.0.10/m3", "resident-record/1.0#4.0.10/m4",
    "resident-record/1.0#4.0.10/m5",
)  # fmt: skip
def quoted(scene: Scene, said: Mapping[str, Any], do: str, head: str = "") -> dict[str, str]:
    """What a new row of newcomers takes over from the one before; of Japanese people only (直前の入力の引用).

    ``head``: the name of the head of the household that they join; the first row takes the surname over.
    """
    row, before = f"people-{scene.rows - 1}", f"people-{scene.rows - 2}"
    if do == "add" and scene.rows > 1:
        found = {f"{row}-kind": said.get(f"{before}-kind", "")}
        if said.get(f"{before}-kind") == Kind.JAPANESE:
            found |= {f"{row}-{name}": said.get(f"{before}-{name}", "") for name in OF_THE_ROW_BEFORE}
        return {name: text for name, text in found.items() if text}
    is_empty = not said.get("people-0-family_name") and said.get("people-0-kind") == Kind.JAPANESE
    if do == "look" and head and is_empty:
        return {"people-0-family_name": head.partition(SPACE)[0]}
    return {}


@implements("resident-record/1.0#4.0.10/m6", "resident-record/1.0#4.0.10/m7", "resident-record/1.0#4.0.6/m1")
def suggestions(request: StaffRequest, scene: Scene, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names for the head of the register, and places for the domicile: as typed last, then as recorded (候補).

    An address is never made of another household's: the fields of an address have no such list (#4.0.10/n1).
    """
    people = list(_known(request, scene, said))
    names = [*_names_typed(said, scene.rows), *(one.register_head for one in people), *(one.name for one in people)]
    places = [*_places_typed(said, scene.rows), *(place for one in people for place in _places_of(one))]
    return {"names": _first_ones(names), "domiciles": _first_ones(places)}


def _first_ones(found: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in found if text))[:MOST]


def _names_typed(said: Mapping[str, Any], rows: int) -> Iterator[str]:
    for index in range(rows - 1, -1, -1):
        parts = (said.get(f"people-{index}-family_name", ""), said.get(f"people-{index}-given_name", ""))
        yield SPACE.join(filter(None, parts)) if all(parts) else ""
        yield said.get(f"people-{index}-register_head", "")


def _places_typed(said: Mapping[str, Any], rows: int) -> Iterator[str]:
    for index in range(rows - 1, -1, -1):
        yield said.get(f"people-{index}-domicile", "")
    for group in PLACES:
        parts = ("prefecture", "city", "block", "lot")
        yield "".join(said.get(f"{group}-{part}", "") for part in parts) if said.get(f"{group}-lot") else ""


def _known(request: StaffRequest, scene: Scene, said: Mapping[str, Any]) -> Iterator[ResidentRecord]:
    """The members of the household, the head first, and the history of whoever comes back; nobody who is protected."""
    if FAMILY_REGISTER not in request.permissions:
        return
    hidden = secrets().people
    members = sorted(scene.members, key=lambda one: one.relationship != HEAD)
    numbers = [text for index in range(scene.rows) if (text := said.get(f"people-{index}-number", ""))]
    former = ResidentRecord.objects.filter(addressee__number__in=numbers).order_by("-serial") if numbers else []
    yield from (one for one in [*members, *former] if one.addressee_id not in hidden)


@implements("resident-record/1.0#4.0.6/m1", "resident-record/1.0#4.0.6/m4")
def _places_of(record: ResidentRecord) -> Iterator[str]:
    """Domicile, address and the address before of one row; none in a municipality that is no more (本籍の候補)."""
    code = record.domicile_municipality_code
    if not code or code.startswith(FICTIONAL) or code in local_governments():
        yield record.domicile
    for group in ("address", "address_before"):
        yield "".join(getattr(record, f"{group}_{part}") for part in ("prefecture", "city", "block", "lot"))
