"""Differences between code lists and between requirements (コードと要件の差分)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date

from municipal.conformance.packs import CodeValue, Pack, Requirement
from municipal.conformance.specdiff.changes import Change, Kind, both, matched


def of_codes(old: Pack, new: Pack) -> Iterator[Change]:
    """A code is the same by its value; failing that by its name in its list (コードの差分)."""
    keys: Sequence[Callable[[CodeValue], Hashable]] = (
        lambda value: (value.list, value.code),
        lambda value: (value.list, value.name_ja),
    )
    left, right = (list(itertools.chain.from_iterable(pack.codes.values())) for pack in (old, new))
    pairs, gone, come = matched(left, right, keys)
    for before, after in pairs:
        key = _code(after)
        if before.code != after.code:
            yield Change(Kind.RENUMBERED, "code", key, "code", before.code, after.code)
        if before.name_ja != after.name_ja:
            yield Change(Kind.REWORDED, "code", key, "name_ja", before.name_ja, after.name_ja)
        was, now = ((value.valid_from or date.min, value.valid_to or date.max) for value in (before, after))
        yield from both(
            "code",
            key,
            "validity",
            f"{before.valid_from or ''}..{before.valid_to or ''}",
            f"{after.valid_from or ''}..{after.valid_to or ''}",
            tightens=now[0] > was[0] or now[1] < was[1],
            loosens=now[0] < was[0] or now[1] > was[1],
        )
    yield from (Change(Kind.REMOVED, "code", _code(value)) for value in gone)
    yield from (Change(Kind.ADDED, "code", _code(value)) for value in come)


def _code(value: CodeValue) -> str:
    return f"{value.list} {value.code} {value.name_ja}"


def of_requirements(old: Pack, new: Pack) -> Iterator[Change]:
    """A requirement is the same by its clause; failing that by what it says (要件の差分)."""
    keys: Sequence[Callable[[Requirement], Hashable]] = (
        lambda line: line.clause,
        lambda line: (line.level, line.summary_ja) if line.summary_ja else None,
    )
    pairs, gone, come = matched(old.requirements, new.requirements, keys)
    for before, after in pairs:
        key = after.clause
        if before.clause != after.clause:
            yield Change(Kind.RENUMBERED, "requirement", key, "clause", before.clause, after.clause)
        if before.summary_ja != after.summary_ja:
            yield Change(Kind.REWORDED, "requirement", key, "summary_ja", before.summary_ja, after.summary_ja)
        if before.level != after.level:
            bounds = [line.level != "may" for line in (after, before)]
            yield from both(
                "requirement", key, "level", before.level, after.level, tightens=bounds[0], loosens=bounds[1]
            )
        if before.omit != after.omit:
            leaves = [line.omit != "" for line in (before, after)]
            yield from both("requirement", key, "omit", before.omit, after.omit, tightens=leaves[0], loosens=leaves[1])
    yield from (Change(Kind.REMOVED, "requirement", line.clause) for line in gone)
    yield from (Change(Kind.ADDED, "requirement", line.clause) for line in come)
