"""What comes of a run, in a shape that every writer understands: headings, rows of text, labels (抽出の結果)."""

from collections.abc import Iterator
from dataclasses import dataclass

from municipal.core.clauses import implements


@dataclass(frozen=True)
class Row:
    """One row as it is written, and whom it is about (結果の行)."""

    cells: tuple[str, ...]
    subjects: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A whole result: its title, headings and rows, and the names of the items for the audit (抽出結果)."""

    title: str
    headings: tuple[str, ...]
    rows: Iterator[Row]
    fields: tuple[str, ...]
    notes: tuple[str, ...] = ()


@implements("resident-record/1.0#9.6/m2")
@dataclass(frozen=True)
class Label:
    """One label: where to, and to whom (宛名シール)."""

    postal_code: str
    address: str
    name: str
    number: str
    subject: int

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on it from top to bottom; the small number at the end finds the person again."""
        code = f"〒{self.postal_code[:3]}-{self.postal_code[3:]}" if len(self.postal_code) == 7 else ""
        home, _, building = self.address.partition("　")
        return (code, home, building, f"{self.name}　様", self.number)
