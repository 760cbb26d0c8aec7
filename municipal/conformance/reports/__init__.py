"""Reports: one result, six ways to write it, the same bytes for the same result (報告)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from municipal.conformance.privacy import LANGUAGES
from municipal.conformance.reports import csvreport, html, jsonreport, junit, sarif, text
from municipal.conformance.reports.view import View, view
from municipal.conformance.results import Report

_WRITERS: Mapping[str, Callable[[View, str], bytes]] = {
    "text": text.write,
    "json": jsonreport.write,
    "html": html.write,
    "sarif": sarif.write,
    "junit": junit.write,
    "csv": csvreport.write,
}
FORMATS = tuple(_WRITERS)
SUFFIXES: Mapping[str, str] = {
    "text": ".txt",
    "json": ".json",
    "html": ".html",
    "sarif": ".sarif",
    "junit": ".xml",
    "csv": ".csv",
}


def write(report: Report, format: str, language: str = "ja") -> bytes:
    """The report as the bytes of a file (報告の書出し).

    ``language``, ja or en, chooses the one that ``text`` is in and that comes first in ``html``; the other formats
    carry both anyway. Raises ValueError for an unknown format, language or privacy level.
    """
    if format not in _WRITERS or language not in LANGUAGES:
        raise ValueError(f"unknown format or language: {format!r}, {language!r}")
    return _WRITERS[format](view(report), language)


def save(data: bytes, path: Path) -> None:
    """Put a report in its place at once or not at all, also when interrupted; raises OSError (報告の保存)."""
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
