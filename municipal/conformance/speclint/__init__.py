"""Examines specifications themselves: contradictions inside a document and between documents (仕様の検査).

A standard that contradicts itself cannot be met; whoever builds to it must know where before the first test. The rules
are general, none knows a name of a particular document:

- ``spec`` is a pack seen as a specification;
- ``rows`` looks at the items of one pack, ``references`` at codes, legends and document titles,
  ``samples`` at examples, ``naming`` at romaji and English names;
- ``pairs`` holds two packs about the same things against each other.

Codes ``SPEC-01xx`` stand for one document, ``SPEC-02xx`` for two; a code is never used again for something else.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from municipal.conformance.packs import Pack
from municipal.conformance.speclint import naming, pairs, references, rows, samples
from municipal.conformance.speclint.spec import Contradiction, Spec

__all__ = ["Contradiction", "lint"]


def lint(packs: Sequence[Pack]) -> list[Contradiction]:
    """Everything found in these packs and between them, sorted and each once (仕様の矛盾の一覧).

    Versions of one pack are not held against each other: that is what ``specdiff`` is for.
    """
    specs = [Spec(pack) for pack in packs]
    found = {
        contradiction
        for spec in specs
        for judge in (*rows.JUDGES, *references.JUDGES, *samples.JUDGES)
        for contradiction in judge(spec)
    }
    for one, other in itertools.combinations(specs, 2):
        if one.pack.id != other.pack.id and pairs.are_about_the_same(one, other):
            found.update(pairs.compare(one, other))
    found.update(naming.judge(specs))
    return sorted(found)
