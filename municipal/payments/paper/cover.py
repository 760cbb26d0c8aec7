"""The sheet in front of a run of specimens, which says so (見本の表紙)."""

from .document import Page
from .fitting import boxed
from .letters import Letters

NO_SLIP = "このページは納付書ではありません。"
"""How the checker knows that a page rightly has no code."""

GAP = ("　", 10.0)
WORDS = (
    ("見本", 60.0),
    GAP,
    ("この先の納付書は、すべて見本です。納めることはできません。", 15.0),
    GAP,
    (NO_SLIP, 12.0),
    GAP,
    ("収納機関番号（99999）もバーコードの企業コードも、実在しない番号です。", 10.0),
    ("金融機関・店舗・決済アプリでは受け付けられません。実在の方に送らないでください。", 10.0),
    ("納められる納付書を印刷するには、運用の手引きにある3つの設定がすべて必要です。", 10.0),
    GAP,
    ("Specimens: nobody can pay with these slips. This page is no slip.", 10.0),
)


def draw_cover(letters: Letters, title: str) -> Page:
    """The page for a run called ``title`` (表紙の描画)."""
    page = Page(letters, is_framed=False)
    for at, (foot, line, size) in enumerate(boxed(letters, [(title, 12.0), GAP, *WORDS], 160, 150)):
        page.begin("P" if at else "H1")
        page.text(25, 60 + foot, line, size)
    return page
