"""What the municipality has already, shown once for a whole bundle (一式の引用した項目)."""

from collections.abc import Mapping
from typing import Any

from municipal.applications.models import Draft
from municipal.applications.operations.prefilling import Said, answer_held
from municipal.applications.prefill import Filled, must_be_confirmed, must_be_typed, open_items
from municipal.core.actors import Actor

from .reading import Reading


def united(reading: Reading) -> tuple[Filled, dict[str, tuple[int, str]]]:
    """The items of all drafts, each source and path once; and by its name the draft and the name there (統合).

    Where one procedure wants an item said and another does not, the stricter one speaks.
    """
    found: Filled = {}
    where: dict[str, tuple[int, str]] = {}
    names: dict[tuple[str, str], str] = {}
    for at, draft in enumerate(reading.drafts):
        for name, one in draft.filled.items():
            kept = names.setdefault((one["source"], one["path"]), f"{name}-{at}")
            if kept not in found or (_is_strict(one) and not _is_strict(found[kept])):
                found[kept], where[kept] = one, (at, name)
    return found, where


def _is_strict(one: Mapping[str, Any]) -> bool:
    return must_be_confirmed(one) or must_be_typed(one)


def labels(reading: Reading, where: Mapping[str, tuple[int, str]], language: str) -> dict[str, str]:
    """What each of these items is called (項目の名前)."""
    found = {}
    for kept, (at, name) in where.items():
        held = next((one for one in reading.drafts[at].asked.holds if one.name == name), None)
        found[kept] = held.label.said(language) if held else name
    return found


def answer_all(
    actor: Actor, reading: Reading, where: Mapping[str, tuple[int, str]], said: Mapping[str, Said], tokens: list[str]
) -> None:
    """Say of each item once what is right, to every draft that has it (引用への回答)."""
    by_path = {}
    for kept, (at, name) in where.items():
        one = reading.drafts[at].filled[name]
        by_path[one["source"], one["path"]] = said.get(kept, Said())
    for draft, token in zip(reading.drafts, tokens, strict=True):
        mine = {name: by_path[one["source"], one["path"]] for name, one in draft.filled.items()}
        if mine:
            answer_held(actor=actor, draft=draft.public, token=token, said=mine)


def is_open(draft: Draft) -> bool:
    """Whether something is still to be confirmed or written in a draft (未確認の有無)."""
    return bool(open_items(draft.filled))
