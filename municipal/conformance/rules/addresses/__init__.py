"""Rules about addresses, the same for every group of address items (住所の規則)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from municipal.core.codes import STANDARDS, local_governments, rows

HERE = {"address": "住所"}
ELSEWHERE = {
    "prev_address": "転入前住所",
    "moved_from_address": "転居前住所",
    "planned_dest": "転出先住所（予定）",
    "confirmed_dest": "転出先住所（確定）",
    "domicile": "本籍",
}
"""The groups of address items: the beginning of their names to the beginning of their headings."""

NAMED = ("municipality_code", "prefecture", "city_county")
"""The parts that name the municipality."""

# The code stayed when the name changed: both names are right, the older one in older addresses.
_RENAMED = {"282219": ("篠山市",)}
_SAME = {"ヶ": "ケ", "ヵ": "カ", "　": "", " ": ""}


def items(groups: Mapping[str, str], *parts: str) -> tuple[str, ...]:
    """The items of the ``parts`` of every group (住所項目)."""
    return tuple(f"{group}_{part}" for group in groups for part in parts)


@cache
def _alike() -> Mapping[str, str]:
    variants = {row["variant"]: row["base"] for row in rows(STANDARDS / "characters" / "variants.csv")}
    return {**variants, **_SAME}


def plain_name(name: str) -> str:
    """The name of a municipality without spaces and variants of characters, only for comparing (比較用の市区町村名)."""
    kept = (character for character in name if not _is_selector(character))
    return "".join(_alike().get(character, character) for character in kept)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@cache
def names_by_code() -> Mapping[str, tuple[str, ...]]:
    """The compared names that go with a code, the present one first (コードに対応する市区町村名)."""
    return {
        code: (plain_name(body.name), *map(plain_name, _RENAMED.get(code, ())))
        for code, body in local_governments().items()
    }


@cache
def designated_cities() -> frozenset[str]:
    """The compared names of the cities that have wards with codes of their own (指定都市)."""
    names = {names[0] for names in names_by_code().values()}
    wards = {name.partition("市")[0] + "市" for name in names if "市" in name and name.endswith("区")}
    return frozenset(names & wards)


def agrees(code: str, prefecture: str, name: str) -> bool:
    """Whether a code, a prefecture and the name of a municipality are of the same place (コードと名称の一致).

    A code that the list does not hold and empty cells agree with everything. ``name`` may have its county or island
    before it, be the designated city of a ward or a ward behind its city.
    """
    if code not in names_by_code():
        return True
    if prefecture and plain_name(prefecture) != plain_name(local_governments()[code].prefecture):
        return False
    given = plain_name(name).removeprefix(plain_name(local_governments()[code].prefecture))
    return not given or any(_is_called(given, known) for known in names_by_code()[code])


def _is_called(given: str, known: str) -> bool:
    if given == known or given.endswith((f"郡{known}", f"島{known}")):
        return True
    cities = designated_cities()
    return (known in cities and given.startswith(known)) or (given in cities and known.startswith(given))


def agreeing(code: pl.Expr, prefecture: pl.Expr, name: pl.Expr) -> pl.Expr:
    """The same as ``agrees`` for columns: every combination is looked at once (コードと名称の一致)."""
    cells = pl.struct(code.alias("code"), prefecture.alias("prefecture"), name.alias("name"))
    return cells.map_batches(_each, return_dtype=pl.Boolean)


def _each(cells: pl.Series) -> pl.Series:
    frame = cells.struct.unnest()
    kinds = frame.unique()
    judged = kinds.with_columns(agrees=pl.Series([agrees(*kind) for kind in kinds.iter_rows()], dtype=pl.Boolean))
    return frame.join(judged, on=frame.columns, how="left", maintain_order="left")["agrees"]
