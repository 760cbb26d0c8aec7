"""Which encoding a text file is in, and its bytes as one stream that keeps ASCII where it is (文字コード)."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from municipal.conformance.reading.tables import Refused

SAMPLE = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_JAPANESE = re.compile("[\u3041-\u30fe\u4e00-\u9fff]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by the name Python knows it, and the length of its mark in bytes (文字コードの判定結果)."""

    name: str
    bom: int = 0
    is_ascii: bool = False


def detect(path: Path) -> Encoding:
    """The encoding of a text file; raises Refused ``unknown_encoding`` and OSError (文字コードの判定).

    A mark decides; then zero bytes at every second place (UTF-16); then whether the first lines with anything but
    ASCII are UTF-8, then CP932. Single bad bytes do not change the verdict: the rows they stand in are reported.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        for mark, name in _BOMS:
            if sample.startswith(mark):
                return Encoding(name, len(mark))
        if name := _wide(sample):
            return Encoding(name)
        if b"\x1b$" in sample:
            raise Refused("unknown_encoding", offset=sample.index(b"\x1b$"), seen="ISO-2022-JP")
        offset = 0
        while sample.isascii():  # bytes.isascii() is so fast that even gigabytes of ASCII are no matter
            offset += len(sample)
            sample = file.read(SAMPLE)
            if not sample:
                return Encoding("utf-8", is_ascii=True)
    return Encoding(_by_lines(sample, offset))


def _wide(sample: bytes) -> str:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    few = max(2, len(sample) // 100)
    if odd >= few and odd > even * 10:
        return "utf-16-le"
    if even >= few and even > odd * 10:
        return "utf-16-be"
    return ""


def _by_lines(sample: bytes, offset: int) -> str:
    lines = [line for line in sample.splitlines() if not line.isascii()]
    if len(sample) == SAMPLE and len(lines) > 1:  # the sample may end within a character
        del lines[-1]
    for name in ("utf-8", "cp932"):
        right = [text for text in (_decoded(line, name) for line in lines) if text]
        if len(right) * 2 >= len(lines) and (name == "utf-8" or _is_japanese("".join(right))):
            return name
    bad = next(line for line in lines if not _decoded(line, "utf-8"))
    seen = "EUC-JP" if all(_decoded(line, "euc_jp") for line in lines) else "?"
    raise Refused("unknown_encoding", offset=offset + sample.index(bad), seen=seen)


def _decoded(line: bytes, name: str) -> str:
    try:
        return line.decode(name)
    except UnicodeDecodeError:
        return ""


def _is_japanese(text: str) -> bool:
    """EUC-JP read as CP932 is nearly all half-width kana, which no real file is."""
    full, half = len(_JAPANESE.findall(text)), len(_HALF_KANA.findall(text))
    return full * 3 >= half if full else 0 < half * 4 < len(text)


def chunks(path: Path, encoding: Encoding, size: int, digest: hashlib._Hash | None = None) -> Iterator[bytes]:
    """The bytes after the mark, about ``size`` at a time; UTF-16 becomes UTF-8 (バイト列の読出し).

    CP932 stays: its second bytes are never below 0x40, so commas, tabs, quotes and newlines are what they seem.
    What is no UTF-16 becomes bytes that are no UTF-8, and is found where they are decoded.
    """
    with path.open("rb") as file:
        mark = file.read(encoding.bom)
        if digest:
            digest.update(mark)
        decoder = codecs.getincrementaldecoder(encoding.name)("surrogatepass") if "16" in encoding.name else None
        while chunk := file.read(size):
            if digest:
                digest.update(chunk)
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass") if decoder else chunk
        if decoder and decoder.getstate()[0]:
            yield b"\xff"  # half a character is left over


def sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal (要約値)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
