"""Writing to the chain: lock the head, chain, insert, move the head (連鎖への書き込み)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connections

from municipal.municipalities import wall

from .rules import NAMES, START, Draft, chained

FEW = 50
"""Up to so many entries go by INSERT; more go by COPY, which first needs a table of its own."""

_LIST = ", ".join((*NAMES, "hash"))
_HEAD = "SELECT seq, hash FROM audit_chain WHERE municipality_id = %s FOR UPDATE"


def append(drafts: Sequence[Draft], *, using: str) -> None:
    """Write ``drafts`` behind the last entry of this municipality; others who write here wait until we commit.

    The app's own connection ``using`` must be inside the wall. Nothing is written for no drafts.
    """
    if not drafts:
        return
    town = wall.current()
    with connections[using].cursor() as cursor:
        seq, hash = _locked_head(cursor, town)
        links = chained(town, seq, hash, drafts)
        last = _insert(cursor, town, seq, drafts, links) if len(drafts) <= FEW else _copy(cursor, links)
        cursor.execute(
            "UPDATE audit_chain SET seq = %s, hash = %s WHERE municipality_id = %s", [seq + len(drafts), last, town]
        )


def _locked_head(cursor: Any, town: int) -> tuple[int, str]:
    cursor.execute(_HEAD, [town])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(
            "INSERT INTO audit_chain (municipality_id, seq, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
            [town, START],
        )
        cursor.execute(_HEAD, [town])
        found = cursor.fetchone()
    return int(found[0]), str(found[1])


def _insert(cursor: Any, town: int, seq: int, drafts: Sequence[Draft], links: Iterable[tuple[bytes, str]]) -> str:
    rows = []
    last = ""
    for number, (draft, (_, last)) in enumerate(zip(drafts, links, strict=True), seq + 1):
        rows.append((
            town, number, draft.at, draft.source_at, draft.kind, draft.act, draft.actor_kind, draft.actor_id,
            list(draft.subjects), list(draft.fields), draft.screen, draft.purpose, draft.request_id, draft.code, last,
        ))  # fmt: skip
    places = ", ".join(["%s"] * len(rows[0]))
    values = ", ".join([f"({places})"] * len(rows))
    cursor.execute(f"INSERT INTO audit_entry ({_LIST}) VALUES {values}", [v for row in rows for v in row])  # noqa: S608
    return last


def _copy(cursor: Any, links: Iterable[tuple[bytes, str]]) -> str:
    """COPY into a temporary table, then INSERT ... SELECT through the policy: PostgreSQL refuses COPY behind it."""
    last = ""
    cursor.execute(
        f"CREATE TEMPORARY TABLE audit_arriving ON COMMIT DROP AS SELECT {_LIST} FROM audit_entry WITH NO DATA"  # noqa: S608
    )
    with cursor.copy(f"COPY audit_arriving ({_LIST}) FROM STDIN") as copy:
        for said, last in links:
            copy.write(said + b"\t" + last.encode() + b"\n")
    cursor.execute(f"INSERT INTO audit_entry ({_LIST}) SELECT {_LIST} FROM audit_arriving")  # noqa: S608
    cursor.execute("DROP TABLE audit_arriving")
    return last


def note_origin(request_id: UUID, terminal: str, *, using: str) -> None:
    """Note once from which terminal a request came (端末の記録)."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_origin (municipality_id, request_id, terminal) VALUES (%s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [wall.current(), request_id, terminal],
        )
