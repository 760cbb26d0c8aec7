"""Code lists as rules ask for them: of the pack, the shared ones, or all local governments (コード一覧の参照)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from municipal.conformance.packs import Pack
from municipal.core.codes import local_governments, table, table_names

Validity = tuple[date | None, date | None]

ANY_TIME = "*"
"""Behind the name of a list: codes that were valid at some time are right, as in old addresses."""


@cache
def _shared(name: str) -> Mapping[str, Validity] | None:
    if name == "local_government_code":
        return dict.fromkeys(local_governments(), (None, None))
    if name not in table_names():
        return None
    codes = table(name)
    official = [code.extra["official_code"] for code in codes.values() if code.extra.get("official_code")]
    return dict.fromkeys([*codes, *official], (None, None))


@cache
def _of_pack(pack: Pack, name: str) -> Mapping[str, Validity] | None:
    if name in pack.codes:
        return {value.code: (value.valid_from, value.valid_to) for value in pack.codes[name]}
    return _shared(name)


def validity(pack: Pack, name: str) -> Mapping[str, Validity] | None:
    """Code to first and last day of validity; None for a list that nobody has, or that is free (コードの有効期間)."""
    return _of_pack(pack, name.removesuffix(ANY_TIME))


@cache
def right_codes(pack: Pack, name: str, as_of: date) -> frozenset[str]:
    """The codes that are right on ``as_of``; with a star behind the name those of any time (有効なコード)."""
    known = validity(pack, name) or {}
    if name.endswith(ANY_TIME):
        return frozenset(known)
    return frozenset(
        code
        for code, (first, last) in known.items()
        if (first is None or first <= as_of) and (last is None or as_of <= last)
    )
