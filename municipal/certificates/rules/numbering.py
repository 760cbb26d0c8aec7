"""The issue number of a copy (発行番号; resident-record/1.0#5.5)."""

from dataclasses import dataclass
from datetime import date

from municipal.core.clauses import implements


@dataclass(frozen=True)
class IssueNumber:
    """Everything of an issue number but the page (発行番号).

    ``terminal`` begins with the number of the place; ``terminal`` and ``printer`` are empty where the device is not
    known: of the two readings of AMB-044 we leave out the unknown parts only.
    """

    day: date
    municipality: str
    terminal: str
    printer: str
    serial: int

    @implements("resident-record/1.0#5.5/m2", "resident-record/1.0#5.5/m3", "resident-record/1.0#5.5/m4")
    def on_page(self, page: int, pages: int) -> str:
        """As it is printed: 20261129 架空市 本庁1 プリンタ001 011 1/2 (頁ごとの発行番号)."""
        parts = (f"{self.day:%Y%m%d}", self.municipality, self.terminal, self.printer, f"{self.serial:03}")
        return " ".join([*filter(None, parts), f"{page}/{pages}"])

    def __str__(self) -> str:
        """Without the page, as the history of issues shows it."""
        parts = (f"{self.day:%Y%m%d}", self.municipality, self.terminal, self.printer, f"{self.serial:03}")
        return " ".join(filter(None, parts))
