"""What changed between two versions of a standard, and whether it became stricter (仕様の差分).

Tightened: some file that was right before may be found wrong now. Loosened: some file that was wrong before may be
right now. A change that does both is reported twice. So if nothing is tightened, right data stay right.
"""

from __future__ import annotations

from municipal.conformance.packs import Pack
from municipal.conformance.specdiff.changes import Change, Kind
from municipal.conformance.specdiff.items import of_items
from municipal.conformance.specdiff.lists import of_codes, of_requirements

__all__ = ["Change", "Kind", "diff"]


def diff(old: Pack, new: Pack) -> list[Change]:
    """All changes of items, codes and requirements from ``old`` to ``new``, in the order of the packs (仕様の差分)."""
    return [*of_items(old, new), *of_codes(old, new), *of_requirements(old, new)]
