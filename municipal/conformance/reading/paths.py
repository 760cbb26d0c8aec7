"""From paths to tables: files, folders and zip archives (パスの走査)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from municipal.conformance.reading.archives import Budget, members
from municipal.conformance.reading.encodings import sha256
from municipal.conformance.reading.head import open_delimited
from municipal.conformance.reading.headings import Headings, normal, normal_all
from municipal.conformance.reading.jsonfile import open_json
from municipal.conformance.reading.kinds import kind_of
from municipal.conformance.reading.parquet import open_parquet
from municipal.conformance.reading.tables import Oddity, Refused, TableFile, Unreadable
from municipal.conformance.reading.workbook import open_workbook

Readings = Iterator[TableFile | Unreadable]

_IDLE_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def read(paths: Sequence[Path], headings: Headings) -> Readings:
    """Every table in these files, folders and zip archives, and everything that is none (読取り).

    ``headings`` are all headings that some pack knows, in any notation. Within a folder the order is that of the
    names. With several folders, names begin with the name of the folder. Raises FileNotFoundError for a path that does
    not exist; everything else that is wrong becomes ``Unreadable`` or an oddity.
    """
    known = normal_all(headings)
    for path in paths:
        if not os.path.lexists(path):
            raise FileNotFoundError(path)
        yield from _path(path, f"{_shown(path.name)}/" if len(paths) > 1 else "", known)


def _path(path: Path, prefix: str, known: Headings) -> Readings:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        yield _unreadable(path, _shown(path.name), Oddity("broken_file", facts={"seen": error.strerror or "?"}))
        return
    if is_folder:
        yield from _folder(path, prefix, known)
    elif is_file:
        yield from _file(path, _shown(path.name), known, Budget(), is_given=True)
    else:
        yield _unreadable(path, _shown(path.name), Oddity("unsupported_kind", facts={"seen": "device"}))


def _folder(top: Path, prefix: str, known: Headings) -> Readings:
    """All files below, without following links; no recursion, so that any depth will do."""
    budget = Budget()
    found_any = False
    waiting = [top]
    while waiting:
        path = waiting.pop()
        name = prefix + _shown(path.relative_to(top).as_posix())
        try:
            if path != top and (idle := _idle(path)):
                yield _unreadable(path, name, idle)
            elif path.is_dir():
                waiting += sorted(path.iterdir(), reverse=True)
            else:
                found_any = True
                yield from _file(path, name, known, budget)
        except OSError as error:
            found_any = True
            yield _unreadable(path, name, Oddity("broken_file", facts={"seen": error.strerror or "?"}))
    if not found_any:
        yield Unreadable(_shown(top.name), "", 0, Oddity("empty_folder"))


def _idle(path: Path) -> Oddity | None:
    """What is not even opened: links (they may lead outside or round in circles), hidden files, pipes and devices."""
    if path.is_symlink():
        return Oddity("not_followed")
    if _is_hidden(path.name):
        return Oddity("skipped_hidden", facts={"what_ja": "ファイル", "what_en": "file"})
    if not path.is_dir() and not path.is_file():
        return Oddity("not_a_table", facts={"seen": "device"})
    return None


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _IDLE_NAMES


def _file(
    path: Path, name: str, known: Headings, budget: Budget, *, depth: int = 0, is_given: bool = False
) -> Readings:
    try:
        kind = kind_of(path, name)
        if kind == "zip":
            if depth > 1:
                raise Refused("nested_archive")
            yield from _archive(path, name, known, budget, depth)
        elif kind == "xlsx":
            yield from open_workbook(path, name, known)
        else:
            yield _table(path, name, kind, known, is_given=is_given)
    except Refused as refused:
        yield _unreadable(path, name, _as_given(refused.oddity) if is_given else refused.oddity)
    except OSError as error:
        yield _unreadable(path, name, Oddity("broken_file", facts={"seen": error.strerror or "?"}))


def _as_given(oddity: Oddity) -> Oddity:
    """A picture in a folder is no matter; a picture that somebody wants to have checked is."""
    return Oddity("unsupported_kind", facts=oddity.facts) if oddity.kind == "not_a_table" else oddity


def _table(path: Path, name: str, kind: str, known: Headings, *, is_given: bool) -> TableFile:
    if kind == "json":
        return open_json(path, name)
    if kind == "parquet":
        return open_parquet(path, name)
    table = open_delimited(path, name, known)
    if kind == "perhaps" and not is_given and not known.intersection(map(normal, table.columns)):
        raise Refused("not_a_table", seen=PurePosixPath(name).suffix)
    return table


def _archive(path: Path, name: str, known: Headings, budget: Budget, depth: int) -> Readings:
    found_any = False
    for member in members(path, budget):
        found_any = True
        inner = f"{name}/{_shown(member.name)}"
        if any(_is_hidden(part) for part in member.name.split("/") if part != ".."):
            yield Unreadable(
                inner, "", member.bytes, Oddity("skipped_hidden", facts={"what_ja": "ファイル", "what_en": "file"})
            )
        elif member.unpacked is None:
            oddity = member.refused.oddity if member.refused else Oddity("broken_archive")
            yield Unreadable(inner, "", member.bytes, oddity)
        else:
            for table in _file(member.unpacked.path, inner, known, budget, depth=depth + 1):
                if isinstance(table, TableFile):
                    table.kept = (table.kept, member.unpacked)
                yield table
    if not found_any:
        raise Refused("empty_folder")


def _unreadable(path: Path, name: str, oddity: Oddity) -> Unreadable:
    try:
        is_plain = path.is_file() and not path.is_symlink()
        # What is beyond the limits is not read to its end, not even for its digest.
        digest = sha256(path) if is_plain and oddity.kind != "beyond_limits" else ""
        return Unreadable(name, digest, path.stat().st_size if is_plain else 0, oddity)
    except OSError:
        return Unreadable(name, "", 0, oddity)


def _shown(name: str) -> str:
    """A name that is not UTF-8 on the disk still has to be written into a report."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
