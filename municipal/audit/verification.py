"""Is the audit still what was written? Rows, hashes, head, index and anchors, and the first row that is not (検証)."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connections

from municipal.municipalities import wall

from .anchors import Anchor, AnchorBroken, anchors
from .models import Chain
from .rules import COLUMNS, START

GAP, ALTERED, HEAD, BEYOND, INDEX, ANCHOR, FORGED = "gap", "altered", "head", "beyond", "index", "anchor", "forged"
REASONS = {
    GAP: "この番号の記録がありません。 / The entry with this number is missing.",
    ALTERED: "記録の内容がハッシュ値と一致しません。 / The entry does not agree with its hash.",
    HEAD: "連鎖の末尾の控えと一致しません。 / The noted end of the chain is another one.",
    BEYOND: "末尾より後に記録が加えられています。 / An entry stands behind the noted end of the chain.",
    INDEX: "対象者の索引が記録と一致しません。 / The index of the people concerned does not agree.",
    ANCHOR: "庁外に控えた末尾と一致しません。 / The chain is not the one that was anchored outside the database.",
    FORGED: "末尾の控えのファイルが改変されています。 / The file of anchors was changed by somebody else.",
}


@dataclass(frozen=True)
class Verdict:
    """What the verification found (検証結果).

    ``first_bad_seq`` is None when all is well; ``rows`` is how many entries were read; ``head`` the noted end;
    ``reason`` a key of REASONS with ``detail`` for people; ``anchored`` how many anchors agreed.
    """

    municipality: int
    rows: int
    head: int
    anchored: int
    first_bad_seq: int | None = None
    reason: str = ""
    detail: str = ""

    @property
    def is_sound(self) -> bool:
        return self.first_bad_seq is None


@dataclass
class _Walk:
    """One walk along the chain: how far it came, and where it first stumbled."""

    municipality: int
    expected: dict[int, tuple[str, bytes]]
    rows: int = 0
    last: bytes = START.encode()
    bad: tuple[int, str] | None = None

    def along(self, rows: Iterable[Any]) -> None:
        """``rows``: the lines of COPY, each with its hash at the end."""
        town, seq, last, expected = self.municipality, 0, self.last, self.expected
        for row in rows:
            self.rows += 1
            if self.bad:
                continue
            body, _, said = bytes(row).rpartition(b"\t")
            seq += 1
            if not body.startswith(b"%d\t%d\t" % (town, seq)):
                self.bad = seq, GAP
            elif sha256(last + body).hexdigest().encode() + b"\n" != said:
                self.bad = seq, ALTERED
            last = said[:64]
            if seq in expected and not self.bad and expected[seq][1] != last:
                self.bad = seq, expected[seq][0]
        self.last = last


def verify(municipality: int, *, using: str = "default") -> Verdict:
    """Read the whole chain of a municipality and say whether it is sound (監査記録の検証).

    People may go on working meanwhile: the head is read before and after the rows, which must reach the first and
    not pass the second.
    """
    try:
        held, forged = anchors(municipality), ""
    except AnchorBroken as error:
        held, forged = [], str(error)
    with wall.within(municipality, using=using):
        before = _head(municipality, using)
        walk = _Walk(municipality, _expected(held, before))
        with connections[using].cursor() as cursor, cursor.copy(_rows()) as copy:
            walk.along(copy)
        after = _head(municipality, using)
        index = _index_fault(using)
    bad, reason = _judge(walk, held, before, after, index)
    if bad is None and forged:
        bad, reason = 1, FORGED
    return Verdict(municipality, walk.rows, after[0], len(held), bad, reason, forged if reason == FORGED else "")


def _judge(
    walk: _Walk, held: list[Anchor], before: tuple[int, str], after: tuple[int, str], index: int | None
) -> tuple[int | None, str]:
    """The first bad entry of all that were found, and why."""
    found: list[tuple[int, str]] = [walk.bad] if walk.bad else []
    if walk.rows < before[0]:
        found.append((walk.rows + 1, GAP))
    if walk.rows > after[0]:
        found.append((after[0] + 1, BEYOND))
    found.extend((walk.rows + 1, ANCHOR) for one in held if one.seq > max(walk.rows, before[0]))
    if index is not None:
        found.append((index, INDEX))
    return min(found, key=lambda one: one[0]) if found else (None, "")


def _expected(held: list[Anchor], before: tuple[int, str]) -> dict[int, tuple[str, bytes]]:
    """The hash that certain entries must have, and what it would mean if they had another."""
    found = {before[0]: (HEAD, before[1].encode())}
    return found | {one.seq: (ANCHOR, one.hash.encode()) for one in held}


def _head(municipality: int, using: str) -> tuple[int, str]:
    head = Chain.objects.using(using).filter(municipality=municipality).first()
    return (head.seq, head.hash) if head else (0, START)


def _rows() -> str:
    return f"COPY (SELECT {COLUMNS}, hash FROM audit_entry ORDER BY seq) TO STDOUT"  # noqa: S608


def _index_fault(using: str) -> int | None:
    """The first entry whose people are not the ones in the index."""
    with connections[using].cursor() as cursor:
        cursor.execute("""
            SELECT min(seq) FROM (
                (SELECT seq, unnest(subjects) FROM audit_entry EXCEPT SELECT seq, addressee FROM audit_subject)
                UNION ALL
                (SELECT seq, addressee FROM audit_subject EXCEPT SELECT seq, unnest(subjects) FROM audit_entry)
            ) AS different
        """)
        found = cursor.fetchone()[0]
    return None if found is None else int(found)
