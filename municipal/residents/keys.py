"""The search keys that belong to a record's names (検索キーの作成; resident-record/1.0#2.1.2)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from municipal.core.characters import kana_index, kana_key, kana_reading, name_key

from .models import Script

NAMES = (
    "name", "name_kana", "given_name", "given_kana", "former_family_name", "former_family_kana", "alias", "alias_kana",
    "roman_name", "kanji_name",
)  # fmt: skip
"""The items of a record that people are found by."""


class Key(NamedTuple):
    """One search key: its script, whether it is of the whole name, the folded key, and how it sounds (検索キー)."""

    script: Script
    is_whole: bool
    key: str
    reading: str = ""


def keys_of(names: Mapping[str, Any]) -> list[Key]:
    """The search keys of the names in a record, each once, none empty; a name that is missing is empty."""
    said = {name: names.get(name) or "" for name in NAMES}
    return [found for found in dict.fromkeys((*_kana_keys(said), *_name_keys(said))) if found.key]


def _kana_keys(names: Mapping[str, str]) -> Iterator[Key]:
    given = names["given_kana"]
    former = names["former_family_kana"] + given if names["former_family_kana"] else ""
    for kana in (names["name_kana"], former, names["alias_kana"]):
        yield from (Key(Script.KANA, True, key, kana_reading(kana)) for key in kana_index(kana).split(" "))
    yield Key(Script.KANA, False, kana_key(given), kana_reading(given))


def _name_keys(names: Mapping[str, str]) -> Iterator[Key]:
    given = names["given_name"]
    former = names["former_family_name"] + given if names["former_family_name"] else ""
    for name in (names["name"], names["kanji_name"], names["roman_name"], former, names["alias"]):
        yield Key(Script.NAME, True, name_key(name))
    yield Key(Script.NAME, False, name_key(given))
    # Roman names are looked for by any of their parts.
    yield from (Key(Script.NAME, False, name_key(part)) for part in names["roman_name"].split()[1:])
