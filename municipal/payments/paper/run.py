"""Many slips in one file (納付書の一括印刷)."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from .cover import draw_cover
from .document import Document, Page
from .face import Face, frame
from .letter import draw
from .letters import Letters


class SlipFile:
    """A PDF that grows by a page for each slip (納付書のファイル).

    Memory does not grow with the number of slips but for a few bytes each. ``has_cover``: a run of specimens begins
    with a page that says so.
    """

    def __init__(
        self, file: IO[bytes], *, title: str, made_at: datetime, is_specimen: bool, has_cover: bool = False
    ) -> None:
        self._letters = Letters()
        below = frame(self._letters, is_specimen=is_specimen)
        self._document = Document(file, self._letters, below, title=title, made_at=made_at)
        self.count = 0
        if is_specimen and has_cover:
            self._document.add(draw_cover(self._letters, title))

    def add(self, face: Face) -> None:
        """One page (納付書の追加)."""
        page = Page(self._letters)
        draw(page, face)
        self._document.add(page)
        self.count += 1

    def finish(self) -> set[str]:
        """Complete the file; the characters that the font lacks (完成). Raises ValueError for no slip at all."""
        if not self.count:
            raise ValueError("a run without slips")
        self._document.finish()
        return self._letters.missing


def print_slips(
    file: IO[bytes], faces: Iterable[Face], *, title: str, made_at: datetime, is_specimen: bool,
    has_cover: bool = False,
) -> set[str]:  # fmt: skip
    """Write a PDF with one page for each slip; returns the characters that the font lacks (納付書の印刷).

    Raises ValueError for no slip at all.
    """
    made = SlipFile(file, title=title, made_at=made_at, is_specimen=is_specimen, has_cover=has_cover)
    for face in faces:
        made.add(face)
    return made.finish()
