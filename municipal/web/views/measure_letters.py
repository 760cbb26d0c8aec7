"""Letters to whoever applied for a support measure; no address stands on them (支援措置の通知書)."""

from municipal.addressees.models import MeasureStep
from municipal.addressees.rules import extension_opens_on
from municipal.certificates.paper.page import INNER, MARGIN, WIDTH, Paper
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused

LETTERS = {
    "ending": (
        "支援措置期間終了通知書",
        (
            "住民基本台帳事務における支援措置の期間が、次のとおり終了します。引き続き支援を希望される場合は、"
            "終了日の1か月前から延長の申出ができます。"
        ),
    ),
    "starting": (
        "支援措置開始通知書",
        "申出のありました住民基本台帳事務における支援措置について、必要性を確認しましたので、次のとおり開始します。",
    ),
}
"""Title and text of each; the addressed read Japanese, whatever language the screen is in."""


def letter(what: str, step: MeasureStep, name: str, town: str) -> bytes:
    """One letter as a PDF (通知書). Raises Refused for a case that has no period yet."""
    if step.starts_on is None or step.ends_on is None:
        raise Refused("支援措置がまだ始まっていません。先に開始してください。", code="not_started")
    title, text = LETTERS[what]
    paper = Paper()
    paper.titled(title)
    paper.text(WIDTH - MARGIN, 20, wareki(clock.today()), align="right")
    paper.text(MARGIN, 32, f"{name}　様", size=14)
    paper.text(WIDTH - MARGIN, 46, f"{town}長", size=12, align="right")
    paper.text(WIDTH / 2, 66, title, size=18, align="middle")
    y = paper.paragraph(MARGIN, 88, INNER, text, size=12)
    paper.row(y + 8, 12, "支援措置番号", step.measure.number)
    paper.row(y + 20, 12, "開始年月日", wareki(step.starts_on))
    paper.row(y + 32, 12, "終了年月日", wareki(step.ends_on))
    if what == "ending":
        paper.row(y + 44, 12, "延長の申出ができる日", f"{wareki(extension_opens_on(step.ends_on))}から")
    return paper.finish()
