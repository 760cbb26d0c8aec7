"""The only way an address gets out: asked for by a registered output, for a purpose (住所の出力).

Every screen, file or message that prints an address is registered here. Leak hunts walk the registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from .fields import ABROAD_PARTS, ADDRESS_PARTS

Thing = TypeVar("Thing", bound=Callable[..., object])


class Purpose(StrEnum):
    """What an address is wanted for (出力の目的)."""

    SCREEN = "screen"
    API = "api"
    EXPORT = "export"
    MAIL = "mail"
    CERTIFICATE = "certificate"
    CASE = "case"


@dataclass(frozen=True)
class ShownAddress:
    """An address as it may be shown, or the fact that it may not (表示できる住所).

    ``lines``: the same as ``text``, as it is written on an envelope.
    """

    text: str
    postal_code: str = ""
    is_withheld: bool = False
    lines: tuple[str, ...] = ()


WITHHELD = ShownAddress("", is_withheld=True)

outputs: dict[str, Purpose] = {}


def prints_addresses(name: str, purpose: Purpose) -> Callable[[Thing], Thing]:
    """Register a screen, an API resource, a file or a command that prints addresses, under ``name``."""

    def register(thing: Thing) -> Thing:
        outputs[name] = purpose
        return thing

    return register


def written(parts: Mapping[str, Any], prefix: str) -> str:
    """The address of group ``prefix`` in one line, largest part first; empty if there is none (住所の表記)."""
    return "　".join(lines_of(parts, prefix))


def lines_of(parts: Mapping[str, Any], prefix: str) -> tuple[str, ...]:
    """The address of group ``prefix`` as on an envelope: home, building, what lies abroad (住所の行)."""
    home = "".join(parts.get(f"{prefix}_{part}") or "" for part in ("prefecture", "city", "block", "lot"))
    building = parts.get(f"{prefix}_building") or ""
    abroad = " ".join(filter(None, (parts.get(f"{prefix}_country"), parts.get(f"{prefix}_abroad"))))
    return tuple(filter(None, (home, building, abroad)))


def address_for(purpose: Purpose, parts: Mapping[str, Any], prefix: str, *, is_protected: bool) -> ShownAddress:
    """The address of group ``prefix`` in ``parts`` for ``purpose``; withheld from everybody if protected.

    ``is_protected`` comes from ``residents.secrecy``. Only CASE shows a protected address: the page on which the
    responsible officer works on the support measure itself, opened with a permission and a purpose, audited each time.
    """
    if purpose not in outputs.values():
        raise LookupError(f"No output is registered for {purpose}: register it with prints_addresses.")
    if is_protected and purpose != Purpose.CASE:
        return WITHHELD
    postal_code = parts.get(f"{prefix}_postal_code") or ""
    return ShownAddress(written(parts, prefix), postal_code, lines=lines_of(parts, prefix))


def names_of_group(prefix: str) -> list[str]:
    """Every field name an address group can have."""
    return [f"{prefix}_{part}" for part in (*ADDRESS_PARTS, *ABROAD_PARTS)]
