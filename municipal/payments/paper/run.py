"""Many slips in one file (納付書の一括印刷)."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from .document import Document, Page
from .face import Face, draw, frame
from .letters import Letters


def print_slips(
    file: IO[bytes], faces: Iterable[Face], *, title: str, made_at: datetime, is_specimen: bool
) -> set[str]:
    """Write a PDF with one page for each slip; returns the characters that the font lacks (納付書の印刷).

    Memory does not grow with the number of slips but for a few bytes each. Raises ValueError for no slip at all.
    """
    letters = Letters()
    document = Document(file, letters, frame(letters, is_specimen=is_specimen), title=title, made_at=made_at)
    count = 0
    for count, face in enumerate(faces, start=1):  # noqa: B007
        page = Page(letters)
        draw(page, face)
        document.add(page)
    if not count:
        raise ValueError("a run without slips")
    document.finish()
    return letters.missing
