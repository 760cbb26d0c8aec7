"""What a slip says, and where it stands on the sheet (納付書の券面).

A4, upright: above, the letter with the address in the window and the words; below, the three parts: receipt, the
counter's part, the notice of payment. The layout is ours: the official sheets are given to municipalities and vendors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from municipal.core.eras import wareki

from .document import POINTS_PER_MM, Drawing, Page
from .letters import Letters
from .symbols import gs1_128, qr

PARTS = ("領収証書", "納付書（原符）", "納付済通知書")
LEFT, WIDTH, TOP, HEIGHT = 8.0, 64.0, 168.0, 120.0
SMALL, PLAIN, LARGE = 6.5, 8.5, 11.0
SMALLEST = 5.5
"""Text is narrowed to this size, in points, before it breaks; smaller nobody reads it."""

MODULE = 0.42
"""A side of a QR module in millimetres: every reader tried took 0.35 and more."""

ROWS = ("年度", "料金", "通知書番号", "期別", "金額", "納期限", "支払期限", "納付者")


@dataclass(frozen=True)
class Face:
    """Everything one slip says (券面の内容).

    ``address`` in lines, the postal code first; empty for a payer whose address is withheld, who gets the slip through
    ``care_of``. ``barcode`` is empty where stores do not take it, ``el_qr`` where the fee has none.
    """

    town: str
    office: str
    payer: str
    address: Sequence[str]
    care_of: str
    fee: str
    levy_year: int
    reference: str
    period: str
    yen: int
    due_on: date
    pay_until: date
    el_number: str
    el_qr: str
    barcode: str
    notes: Sequence[str] = ()
    is_specimen: bool = True


def frame(letters: Letters, *, is_specimen: bool) -> Drawing:
    """What is the same on every slip of a run: lines, labels, and the mark of a specimen (共通の枠)."""
    drawn = Drawing(letters)
    for at, title in enumerate(PARTS):
        x = LEFT + at * (WIDTH + 1)
        drawn.box(x, TOP, WIDTH, HEIGHT)
        drawn.text(x + 2, TOP + 6, title, LARGE)
        for row, label in enumerate(ROWS):
            y = TOP + 9 + row * 7
            drawn.line(x, y, x + WIDTH, y, 0.1)
            drawn.text(x + 1.5, y + 3, label, SMALLEST)
        drawn.line(x, TOP + 9 + len(ROWS) * 7, x + WIDTH, TOP + 9 + len(ROWS) * 7, 0.1)
    drawn.text(LEFT, TOP - 3, "切り離さずに、このままお持ちください。", SMALL)
    if is_specimen:
        drawn.marks.append("q 0.85 g")
        drawn.text(60, 120, "見本", 120)
        drawn.text(52, 132, "このまま納付することはできません（訓練用）", 14)
        drawn.marks.append("Q")
    return drawn


def fitted(letters: Letters, said: str, width: float, size: float) -> list[tuple[str, float]]:
    """``said`` in lines no wider than ``width`` millimetres, each with its size in points (文字の収まり).

    It is made smaller first, then broken; nothing is ever left out.
    """
    room = width * POINTS_PER_MM * 1000
    needed = letters.width(said)
    if needed * size <= room:
        return [(said, size)]
    if needed * SMALLEST <= room:
        return [(said, room / needed)]
    lines, line, used = [], "", 0
    for letter in said:
        wide = letters.width(letter)
        if line and (used + wide) * SMALLEST > room:
            lines.append((line, SMALLEST))
            line, used = "", 0
        line, used = line + letter, used + wide
    return [*lines, (line, SMALLEST)]


def draw(page: Page, face: Face) -> None:
    """Draw one slip in the order in which it is read: letter, then the three parts (券面の描画)."""
    _letter(page, face)
    for at in range(len(PARTS)):
        _part(page, face, LEFT + at * (WIDTH + 1))
    _codes(page, face)


def _letter(page: Page, face: Face) -> None:
    y = 22.0
    for said in (*face.address, face.care_of):
        for line, size in fitted(page.letters, said, 85, PLAIN + 1):
            page.text(22, y, line, size)
            y += 4.6
    for line, size in fitted(page.letters, f"{face.payer}　様", 85, 13):
        page.text(22, y + 4, line, size)
        y += 6
    page.right(200, 22, face.town, LARGE)
    page.right(200, 28, face.office, SMALL)
    page.text(20, 72, f"{face.fee}　納付のお知らせ（{face.levy_year}年度 {face.period}）", 14)
    page.text(20, 82, f"金額　{face.yen:,}円　　納期限　{wareki(face.due_on)}", 12)
    y = 92.0
    for note in face.notes:
        for line, size in fitted(page.letters, note, 170, PLAIN):
            page.text(20, y, line, size)
            y += 5


def _part(page: Page, face: Face, x: float) -> None:
    values = (
        f"{face.levy_year}", face.fee, face.reference, face.period, f"{face.yen:,}円", wareki(face.due_on),
        wareki(face.pay_until), f"{face.payer}　様",
    )  # fmt: skip
    for row, said in enumerate(values):
        lines = fitted(page.letters, said, WIDTH - 17, PLAIN)
        for at, (line, size) in enumerate(lines):
            page.text(x + 15, TOP + 9 + row * 7 + (4.6 if len(lines) == 1 else 2.4) + at * 2.3, line, size)
    page.text(x + 1.5, TOP + 70, face.town, PLAIN)


def _codes(page: Page, face: Face) -> None:
    if face.el_number:
        number = face.el_number
        spaced = " ".join((number[:5], number[5:25], number[25:31], number[31:]))
        page.text(LEFT + WIDTH + 2.5, TOP + 76, "eL番号", SMALLEST)
        page.text(LEFT + WIDTH + 2.5, TOP + 79.5, spaced, SMALL)
    if face.el_qr:
        side, data = qr(face.el_qr)
        length = side * MODULE
        x = LEFT + 3 * WIDTH + 2 - length - 4
        page.figure("eL-QR", x, TOP + HEIGHT - length - 6, (length, length), (side, side), data)
    if face.barcode:
        modules, data = gs1_128(face.barcode)
        x, y = LEFT + WIDTH + 3, TOP + HEIGHT - 26
        page.figure("コンビニエンスストア用バーコード", x, y, (modules * 0.169, 12), (modules, 1), data)
        page.text(x, y + 15, f"(91){face.barcode[2:29]}", SMALL)
        page.text(x, y + 18, face.barcode[29:], SMALL)
