"""The register as files, whole or what changed since, in one picture of one moment (引渡し; resident-record/1.0#7.2.3).

PostgreSQL writes the rows: nothing of the register passes through the memory of this program. Files are written beside
their place and moved there whole. Cells hold what the register holds, to the letter: these files go to another system,
and an apostrophe against formulas would change a name.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.inquiry import withheld

from .manifest import File, Manifest
from .parts import PARTS, Part
from .queries import SUPPORT, Query, numbering, of_part

OVERLAP = timedelta(minutes=15)
"""A row may be recorded before the moment of a file and committed after it: the next file goes back so far.

What comes twice is taken in once.
"""


@dataclass(frozen=True)
class Content:
    """What of the register goes into a hand-over (引渡しの内容).

    ``since``: only what was recorded after this moment. ``is_whole``: with the addresses of protected people, which a
    second person has approved. ``only``: names of files; all without it.
    """

    since: datetime | None = None
    is_whole: bool = False
    only: frozenset[str] = frozenset()


def write_register(folder: Path, content: Content = Content()) -> Manifest:
    """Write every file and, last, the manifest into ``folder``; runs inside the town (台帳の出力).

    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    moment = clock.now()
    since = content.since - OVERLAP if content.since else None
    parameters = {"since": since, "hidden": sorted(withheld())}
    connection = connections[wall.opening().using]
    with connection.cursor() as wrapped, connection.wrap_database_errors:
        cursor = wrapped.cursor
        for statement in numbering():
            cursor.execute(statement)
        written = [
            _write(cursor, folder, name, query, parameters)
            for name, query in _queries(content, is_part=since is not None)
            if not content.only or name in content.only
        ]
        files = tuple(file for file in written if file is not None)
    made = Manifest(
        municipality=f"{wall.current():06d}", moment=moment, since=content.since, is_whole=content.is_whole, files=files
    )
    made.write(folder)
    return made


def _queries(content: Content, *, is_part: bool) -> Iterator[tuple[str, Query]]:
    def of(part: Part, *, is_newest: bool = False) -> Query:
        return of_part(part, is_part=is_part, is_whole=content.is_whole, is_newest=is_newest)

    # Newest rows are found among all: whoever changed has one that is new.
    yield "residents.csv", of(PARTS["history"], is_newest=True)
    for part in PARTS.values():
        if content.is_whole or not part.is_secret:
            yield part.file, of(part)
    yield "support_measures.csv", SUPPORT


def _write(cursor: Any, folder: Path, name: str, query: Query, parameters: dict[str, Any]) -> File | None:
    path = folder / name
    draft, digest = path.with_suffix(".part"), hashlib.sha256()
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query.composed(parameters))
    head = (",".join(query.headings) + "\n").encode()
    digest.update(head)
    with draft.open("wb") as file, cursor.copy(statement) as copy:
        file.write(head)
        for block in copy:
            digest.update(block)
            file.write(block)
    if not cursor.rowcount:
        # A file without rows may as well have failed half way: nobody can tell. The manifest says what there is.
        draft.unlink()
        path.unlink(missing_ok=True)
        return None
    draft.replace(path)
    return File(name, cursor.rowcount, digest.hexdigest(), path.stat().st_size)
