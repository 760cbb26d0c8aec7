"""How an entry is written down as bytes, and how the bytes hang together (記録の連鎖).

The line of an entry is exactly what ``COPY (SELECT <COLUMNS>) TO STDOUT`` prints for its row, without the hash and
the line's end. So PostgreSQL prints for the verification what Python wrote, and what Python wrote is at the same
time the input of a bulk load. Every column except the hash is in the line: what is outside could be altered unseen.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

START = "0" * 64
"""What the first entry of a municipality follows (連鎖の起点)."""

_TIME = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS {0}"""
NAMES = (
    "municipality_id", "seq", "at", "source_at", "kind", "act", "actor_kind", "actor_id", "subjects", "fields",
    "screen", "purpose", "request_id", "code",
)  # fmt: skip
COLUMNS = ", ".join(_TIME.format(name) if name in {"at", "source_at"} else name for name in NAMES)
"""The columns of a line as SQL, in their order."""

# A letter, then letters, digits, dot, underscore: nothing that a value of a record looks like by accident.
_NAME = re.compile(r"(?!null$)[a-z][a-z0-9_.]{0,62}", re.IGNORECASE)
_ESCAPES = str.maketrans({"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded, before it has its number and its hash (記録の案).

    ``at`` is when we recorded it, ``source_at`` when it was recorded where it came from (None: the same act).
    ``subjects`` are addressee ids, ``fields`` names of items: ids and names, never a value of a record.
    Raises ValueError for a name that is none, a character PostgreSQL cannot hold, or a time without a zone.
    """

    at: datetime
    kind: str
    act: str
    actor_kind: str
    actor_id: int
    subjects: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    screen: str = ""
    purpose: str = ""
    source_at: datetime | None = None
    request_id: UUID | None = None
    code: str = ""

    def __post_init__(self) -> None:
        for name in (self.act, *self.fields):
            if not _NAME.fullmatch(name):
                raise ValueError("An act or a field is recorded by its name: letters, digits, dot, underscore.")
        if "\0" in self.screen + self.purpose + self.code:
            raise ValueError("A NUL character cannot be recorded.")
        if self.at.tzinfo is None or (self.source_at is not None and self.source_at.tzinfo is None):
            raise ValueError("A time without its zone cannot be recorded.")


def _time(moment: datetime | None) -> str:
    return "\\N" if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def line(municipality: int, seq: int, draft: Draft) -> bytes:
    """The bytes of an entry, as PostgreSQL's COPY prints them (記録の正規形)."""
    return "\t".join((
        str(municipality), str(seq), _time(draft.at), _time(draft.source_at),
        draft.kind.translate(_ESCAPES), draft.act, draft.actor_kind.translate(_ESCAPES), str(draft.actor_id),
        "{" + ",".join(map(str, draft.subjects)) + "}", "{" + ",".join(draft.fields) + "}",
        draft.screen.translate(_ESCAPES), draft.purpose.translate(_ESCAPES),
        "\\N" if draft.request_id is None else str(draft.request_id), draft.code.translate(_ESCAPES),
    )).encode()  # fmt: skip


def link(previous: str, said: bytes) -> str:
    """The hash of a line that follows the entry with the hash ``previous``: 64 hexadecimal digits (ハッシュ値)."""
    return sha256(previous.encode() + said).hexdigest()


def chained(municipality: int, seq: int, hash: str, drafts: Iterable[Draft]) -> Iterator[tuple[bytes, str]]:
    """The lines and hashes of ``drafts`` that follow entry ``seq`` with hash ``hash`` (連鎖の続き)."""
    for draft in drafts:
        seq += 1
        said = line(municipality, seq, draft)
        hash = link(hash, said)
        yield said, hash
