"""The manual, as data: a page for every group of screens (手引).

``standards/manual/screens.csv`` holds it in both languages. There is no printed booklet (resident-record/1.0#10.5/n1):
the manual is read on the screen, and no command or page makes a book of it.
"""

from dataclasses import dataclass
from functools import cache

from municipal.core.clauses import implements
from municipal.core.codes import STANDARDS, rows

PATH = STANDARDS / "manual" / "screens.csv"


@dataclass(frozen=True)
class Page:
    """The explanation of one group of screens, by the name of its addresses (画面の説明)."""

    screen: str
    title_ja: str
    title_en: str
    text_ja: str
    text_en: str


@cache
@implements("resident-record/1.0#10.5/m1")
def pages() -> tuple[Page, ...]:
    """Every page of the manual in its order (手引の一覧)."""
    return tuple(Page(**row) for row in rows(PATH))


@implements("resident-record/1.0#10.5/m2")
def page_of(screen: str) -> Page | None:
    """The page that explains a group of screens; None where there is none (画面の説明)."""
    return next((one for one in pages() if one.screen == screen), None)
