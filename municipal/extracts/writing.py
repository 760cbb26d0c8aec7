"""Writing a result down: CSV, text, XML (抽出結果の出力).

A file is written piece by piece while the rows come, so that it never stands in memory whole. Text goes out to the
letter, in UTF-8; only cells that a spreadsheet would run are given an apostrophe, and only where a spreadsheet reads.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from municipal.core.clauses import implements

from .answers import Answer
from .cells import for_spreadsheet

Writer = Callable[[Answer], Iterator[bytes]]

MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = str.maketrans({"\t": " ", "\r": " ", "\n": " "})


def as_csv(answer: Answer) -> Iterator[bytes]:
    """RFC 4180 with the mark of UTF-8 in front, for spreadsheets (CSV)."""
    yield MARK.encode()
    yield from _lines(answer, lambda cells: _csv_line(map(for_spreadsheet, cells)))


def as_text(answer: Answer) -> Iterator[bytes]:
    """A tab between cells, a line to a row; tabs and line breaks in a cell become blanks (テキスト)."""
    yield from _lines(
        answer, lambda cells: "\t".join(for_spreadsheet(one.translate(_BREAKS)) for one in cells) + "\r\n"
    )


def _lines(answer: Answer, line: Callable[[Iterable[str]], str]) -> Iterator[bytes]:
    yield line(answer.headings).encode("utf-8")
    for row in answer.rows:
        yield line(row.cells).encode("utf-8")


def _csv_line(cells: Iterable[str]) -> str:
    drawn = io.StringIO()
    csv.writer(drawn).writerow(list(cells))
    return drawn.getvalue()


def as_xml(answer: Answer) -> Iterator[bytes]:
    """One element to a row, one to a cell with its item's name; what XML cannot hold becomes U+FFFD (XML)."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<extract title={quoteattr(answer.title)}>\n'.encode()
    names = [quoteattr(_allowed(heading)) for heading in answer.headings]
    for row in answer.rows:
        cells = "".join(
            f"<item name={name}>{escape(_allowed(cell), {chr(13): '&#13;'})}</item>"
            for name, cell in zip(names, row.cells, strict=True)
        )
        yield f"<row>{cells}</row>\n".encode()
    yield b"</extract>\n"


def _allowed(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


WRITERS: Mapping[str, Writer] = {"csv": as_csv, "txt": as_text, "xml": as_xml}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8", "txt": "text/tab-separated-values; charset=utf-8",
    "xml": "application/xml; charset=utf-8", "pdf": "application/pdf", "labels": "application/pdf",
}  # fmt: skip
SUFFIXES = {"csv": ".csv", "txt": ".txt", "xml": ".xml", "pdf": ".pdf", "labels": "-labels.pdf"}


@implements("resident-record/1.0#10.1/m14")
def written(answer: Answer, format: str) -> Iterator[bytes]:
    """The bytes of a result in one of the formats of ``WRITERS``, piece by piece (データの出力)."""
    return WRITERS[format](answer)
