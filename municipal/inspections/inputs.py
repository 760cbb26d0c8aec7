"""What is judged: uploaded files that are kept, and folders of the hand-over place (検査の対象).

Nothing that a browser says becomes a path: uploads lie in a folder with a name of ours under a made-safe name, and a
hand-over folder is one of those that were found there.
"""

import contextlib
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings

from municipal.core.refusals import Refused

from .models import Inspection

MOST_FILES = 100
LONGEST_NAME = 150
"""Bytes of a file name that are kept; most file systems hold 255."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]')
# What a name does not begin or end with: taken off together, or one would lay the other bare.
_EDGES = re.compile(r"^[\s.~]+|[\s.]+$")


class Incoming(Protocol):
    """A file as it comes in, whole in memory or piece by piece (受け取るファイル)."""

    @property
    def name(self) -> Any: ...

    @property
    def size(self) -> Any: ...

    def chunks(self, chunk_size: Any = None) -> Iterator[bytes]: ...


def limit_bytes() -> int:
    """How much may be uploaded for one inspection, in bytes (受け取れる大きさ)."""
    return int(settings.KIJUN_UPLOAD_MEGABYTES) * 1024 * 1024


def too_large() -> Refused:
    """The refusal of what is too large to upload (大きすぎるときの断り)."""
    return Refused(
        "一度に受け取れる大きさは合計%(megabytes)d MBまでです。ファイルを分けるか、受渡しフォルダーに置いてください。",
        field="uploads",
        code="too_large",
        megabytes=settings.KIJUN_UPLOAD_MEGABYTES,
    )


def too_many() -> Refused:
    """The refusal of too many files at once (多すぎるときの断り)."""
    return Refused(
        "一度に受け取れるファイルは%(most)d個までです。ZIPにまとめるか、受渡しフォルダーに置いてください。",
        field="uploads",
        code="too_many",
        most=MOST_FILES,
    )


def safe_name(name: str) -> str:
    """A name that is one file in one folder on every system: no path, no control character, not hidden (安全な名前).

    Characters are replaced, never normalised; what is too long loses its middle and keeps its ending.
    """
    plain = _EDGES.sub("", _UNSAFE.sub("_", name)) or "file"
    stem, dot, ending = plain.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    stem = plain.removesuffix(ending) if ending else plain
    room = LONGEST_NAME - len(ending.encode())
    return _EDGES.sub("", stem.encode()[:room].decode(errors="ignore") + ending)


def distinct(names: Iterable[str]) -> list[str]:
    """Safe names, no two alike even where letter case does not count; a second ``a.csv`` becomes ``a (2).csv``."""
    taken: set[str] = set()
    found = []
    for name in map(safe_name, names):
        stem, dot, ending = name.rpartition(".")
        made, count = name, 1
        while made.casefold() in taken:
            count += 1
            made = f"{stem} ({count}){dot}{ending}" if stem else f"{name} ({count})"
        taken.add(made.casefold())
        found.append(made)
    return found


def kept_at(municipality: int, key: UUID) -> Path:
    """The folder of one inspection's uploads (保管場所)."""
    return Path(settings.KIJUN_INSPECTIONS) / f"{municipality:06d}" / str(key)


def keep(municipality: int, key: UUID, files: Sequence[Incoming]) -> list[str]:
    """Write uploaded files into a folder of their own, all or none; their names, sorted (アップロードの保管).

    Raises Refused for nothing, too many, too much, or a disk that takes no more.
    """
    if not files:
        raise Refused("検査するファイルを選んでください。", field="uploads", code="nothing_chosen")
    if len(files) > MOST_FILES:
        raise too_many()
    if sum(file.size or 0 for file in files) > limit_bytes():
        raise too_large()
    folder = kept_at(municipality, key)
    names = distinct(str(file.name) for file in files)
    try:
        folder.mkdir(parents=True, mode=0o700)
        for name, file in zip(names, files, strict=True):
            with (folder / name).open("xb") as output:
                output.writelines(file.chunks())
    except OSError as error:
        discard(municipality, key)
        raise Refused(
            "ファイルを保管できませんでした。システム管理者に、保管場所の空きを確かめてもらってください。",
            field="uploads",
            code="unavailable",
        ) from error
    return sorted(names)


def discard(municipality: int, key: UUID) -> None:
    """Remove uploads whose order did not come about (保管の取消)."""
    with contextlib.suppress(OSError):
        shutil.rmtree(kept_at(municipality, key))


def handed_over(municipality: int) -> dict[str, Path]:
    """The folders in the town's part of the hand-over place, by name (受渡しフォルダーの一覧).

    That is ``<KIJUN_HANDOVER_FOLDER>/<six-digit code>/<name>``: a town is shown its own only. Links are left out, they
    may lead anywhere; so are hidden folders and names that are no text.
    """
    if not settings.KIJUN_HANDOVER_FOLDER:
        return {}
    place = Path(settings.KIJUN_HANDOVER_FOLDER) / f"{municipality:06d}"
    try:
        found = sorted(path for path in place.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return {}
    return {path.name: path for path in found if safe_name(path.name) == path.name}


def paths_of(inspection: Inspection) -> tuple[Path, ...]:
    """What the checker is to read: the uploaded files, or the hand-over folder as a whole (検査するパス).

    Raises FileNotFoundError where it is no longer there.
    """
    municipality = int(inspection.municipality_id or 0)
    if inspection.key is not None:
        folder = kept_at(municipality, inspection.key)
        return tuple(folder / name for name in inspection.names)
    found = handed_over(municipality).get(inspection.folder)
    if found is None:
        raise FileNotFoundError(inspection.folder)
    return (found,)


def digest_of(files: Sequence[Incoming]) -> str:
    """SHA-256 over names and contents, to tell the same request from another one (要求の要約値)."""
    total = sha256()
    for file in files:
        inner = sha256()
        for chunk in file.chunks():
            inner.update(chunk)
        total.update(str(file.name).encode("utf-8", "replace") + b"\0" + inner.digest())
    return total.hexdigest()
