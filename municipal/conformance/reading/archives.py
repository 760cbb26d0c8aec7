"""Zip archives: one member after the other, never a name from outside as a path, never without limits (zip書庫)."""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from municipal.conformance.reading.tables import Refused

MOST_MEMBERS = 10_000
MOST_BYTES = 20 << 30
MOST_RATIO = 200
SMALL = 10 << 20
"""A member that unpacks to less than this may be packed as tightly as it likes."""

_MEMBERS: dict[str, object] = {"what_ja": "ファイル数", "what_en": "number of files", "limit": MOST_MEMBERS}
_BYTES: dict[str, object] = {"what_ja": "展開後の大きさ", "what_en": "unpacked size in bytes", "limit": MOST_BYTES}
_RATIO: dict[str, object] = {"what_ja": "圧縮率", "what_en": "compression ratio", "limit": MOST_RATIO}

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error)


class Unpacked:
    """A member as a file of its own, which is gone when nobody holds this any more (展開ファイル)."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="conform-")
        self.path = Path(folder) / "member"
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


@dataclass
class Budget:
    """How much may still be unpacked below one given path (展開の上限)."""

    members: int = MOST_MEMBERS
    bytes: int = MOST_BYTES

    def spend(self, members: int, size: int) -> None:
        """Raises Refused ``archive_refused`` when it is used up (消費)."""
        self.members -= members
        self.bytes -= size
        if self.members < 0:
            raise Refused("archive_refused", **_MEMBERS)
        if self.bytes < 0:
            raise Refused("archive_refused", **_BYTES)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as a person wrote it, its size, and its bytes or why there are none (書庫の要素)."""

    name: str
    bytes: int
    unpacked: Unpacked | None
    refused: Refused | None = None


def members(path: Path, budget: Budget) -> Iterator[Member]:
    """The files in a zip, sorted by name, unpacked one at a time (書庫の走査).

    Raises Refused ``broken_archive``, or ``archive_refused`` with the reason ``members``, ``bytes`` or ``ratio``.
    """
    guard(path, budget)
    try:
        with zipfile.ZipFile(path) as archive:
            for info in sorted(archive.infolist(), key=_name):
                if not info.is_dir():
                    yield _member(archive, info)
    except _BROKEN as error:
        raise Refused("broken_archive", seen=type(error).__name__) from error


def guard(path: Path, budget: Budget) -> None:
    """Look at the table of contents before anything is unpacked; raises Refused (展開前の検査)."""
    _guard_contents(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (*_BROKEN, NotImplementedError) as error:
        raise Refused("broken_archive", seen=type(error).__name__) from error
    budget.spend(len(infos), sum(info.file_size for info in infos))
    if any(info.file_size > SMALL and info.file_size > info.compress_size * MOST_RATIO for info in infos):
        raise Refused("archive_refused", **_RATIO)


def _guard_contents(path: Path) -> None:
    """The table of contents is read as a whole: refuse one that is out of proportion before zipfile loads it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 16 and struct.unpack_from("<L", tail, at + 12)[0] > MOST_MEMBERS << 10:
        raise Refused("archive_refused", **_MEMBERS)


def _name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark come from Japanese Windows: CP932, where a second byte may look like a backslash."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return info.orig_filename


def _is_unsafe(info: zipfile.ZipInfo, name: str) -> bool:
    is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
    outside = name.startswith("/") or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name) is not None
    return is_link or outside or ".." in name.split("/")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = _name(info)
    try:
        if _is_unsafe(info, name):
            raise Refused("not_followed")
        if info.flag_bits & 1:
            raise Refused("encrypted_member")
        return Member(name, info.file_size, _unpack(archive, info))
    except Refused as refused:
        return Member(name, info.file_size, None, refused)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Unpacked:
    unpacked = Unpacked()
    left = info.file_size
    try:
        with archive.open(info) as source, unpacked.path.open("wb") as target:
            while chunk := source.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise Refused("archive_refused", **_BYTES)
                target.write(chunk)
    except NotImplementedError as error:
        raise Refused("unsupported_kind", seen="compression") from error
    except _BROKEN as error:
        raise Refused("broken_archive", seen=type(error).__name__) from error
    if left:
        raise Refused("broken_archive", seen="size")
    return unpacked
