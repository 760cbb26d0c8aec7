"""Broken records become oddities: one for each damage, however many lines it left behind (破損の集約)."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from municipal.conformance.reading.tables import Oddity

MOST_PIECES = 50
"""A record is not put together from more lines than this."""


class Odd(NamedTuple):
    """A record that cannot be handed on (異常なレコード).

    ``kind``: blank_row, short_row, long_row, stray_quote, nul_byte, wrong_encoding, repeated_heading, comment_row or
    not_an_object. ``offset`` counts bytes of the file, negative where that is not known.
    """

    row: int
    kind: str
    cells: int = 0
    offset: int = 0


class Damages:
    """Takes odd records in the order of rows and appends oddities to a list (破損の集約).

    Short records that follow one another and add up to a whole one were a single record with a newline in a cell:
    ``split_record``. The same damage in consecutive rows is told once, with how many ``rows`` it has.
    """

    def __init__(self, width: int, oddities: list[Oddity]) -> None:
        self.width = width
        self.oddities = oddities
        self.pieces: deque[Odd] = deque()
        self.run = Oddity("")
        self.facts: dict[str, object] = {}
        self.next_row = 0

    def add(self, odd: Odd) -> None:
        """The next odd record (追加)."""
        if self.pieces and odd.row != self.pieces[-1].row + 1:
            self._tell_pieces()
        if odd.kind == "short_row" or (odd.kind == "blank_row" and self.pieces):
            self.pieces.append(odd)
            self._join()
        else:
            self._tell_pieces()
            self._tell(odd)

    def close(self, last_row: int) -> None:
        """No more records; blank ones after ``last_row``, the last with anything in it, are no damage (終了)."""
        self._tell_pieces()
        if self.run.kind == "blank_row" and self.run.row > last_row:
            self.oddities.pop()

    def _join(self) -> None:
        while self.pieces:
            cells = sum(max(piece.cells, 1) - 1 for piece in self.pieces) + 1
            if cells == self.width and len(self.pieces) > 1:
                first = self.pieces[0]
                self._tell(Odd(first.row, "split_record", len(self.pieces)))
                self.pieces.clear()
            elif cells < self.width and len(self.pieces) <= MOST_PIECES:
                return
            else:
                self._tell(self.pieces.popleft())

    def _tell_pieces(self) -> None:
        while self.pieces:
            self._tell(self.pieces.popleft())

    def _tell(self, odd: Odd) -> None:
        """Lengthens the last oddity if this is more of the same, in place: there may be millions of blank rows."""
        if self._continues(odd):
            self.facts["rows"] = self.next_row - self.run.row + 1
            self.next_row += 1
            return
        rows, cells = (
            (odd.cells, {}) if odd.kind == "split_record" else (1, {"cells": odd.cells, "expected": self.width})
        )
        place = {"offset": odd.offset if odd.offset >= 0 else "?"} if odd.kind == "wrong_encoding" else cells
        self.facts = {"rows": rows, **place}
        self.run = Oddity(odd.kind, odd.row, facts=self.facts)
        self.next_row = odd.row + rows
        self.oddities.append(self.run)

    def _continues(self, odd: Odd) -> bool:
        is_same = odd.kind == self.run.kind != "split_record" and self.facts.get("cells", odd.cells) == odd.cells
        return is_same and odd.row == self.next_row
