"""What a slip says, and its three parts at the foot of the sheet (納付書の券面).

A4, upright: above, the letter (``letter``); below, the receipt, the counter's part, the notice of payment. The layout
is ours: the official sheets are given to municipalities and vendors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from municipal.core.eras import wareki

from .document import Drawing, Page
from .fitting import fitted
from .letters import Letters
from .symbols import gs1_128, qr

MOST_AT_STORES = 300_000
"""Yen; above it a convenience store takes no slip, so that none carries the barcode."""

PARTS = ("領収証書", "納付書（原符）", "納付済通知書")
LEFT, WIDTH, TOP, HEIGHT = 8.0, 64.0, 166.0, 122.0
HEAD, ROW, LABEL = 9.0, 6.6, 17.0
SMALL, PLAIN, LARGE = 6.5, 8.5, 11.0
PALE = 0.9

MODULE = 10 * 25.4 / 600
"""A side of a QR module in millimetres, whole dots at 300 and 600 dpi: every reader tried took 0.35 and more."""

ROWS = ("年度", "料金", "通知書番号", "期別", "金額", "納期限", "支払期限", "納付者")
FOOT = TOP + HEAD + len(ROWS) * ROW
STAMP = 25.0


@dataclass(frozen=True)
class Instalment:
    """One line of the overview: which instalment, by when, how much (期別の一覧の行)."""

    period: str
    due_on: date
    yen: int


@dataclass(frozen=True)
class Face:
    """Everything one slip says (券面の内容).

    ``payer`` stands on the three parts, ``recipient`` with ``role`` in the window. ``address`` in lines, the postal
    code first; empty where nothing may be sent, then ``care_of`` says where the slip waits. ``barcode`` is
    empty where stores do not take it, ``el_qr`` and ``el_number`` where the fee has none. ``year``: 令和8年度.
    ``overview``: the instalments that came together, on the first sheet only. ``bar``: a module of the barcode in mm.
    """

    town: str
    office: str
    payer: str
    recipient: str
    role: str
    address: Sequence[str]
    care_of: str
    fee: str
    year: str
    reference: str
    period: str
    yen: int
    issued_on: date
    due_on: date
    pay_until: date
    el_number: str
    el_qr: str
    barcode: str
    overview: Sequence[Instalment] = ()
    notes: Sequence[str] = ()
    bar: float = 4 * 25.4 / 600


def frame(letters: Letters, *, is_specimen: bool) -> Drawing:
    """What is the same on every slip of a run, drawn once for all (共通の枠)."""
    drawn = Drawing(letters)
    draw_frame(drawn, is_specimen=is_specimen)
    return drawn


def draw_frame(drawn: Drawing, *, is_specimen: bool) -> None:
    """Lines, and the mark of a specimen under everything (枠の描画)."""
    if is_specimen:
        drawn.marks.append(f"q {PALE} g")
        drawn.middle(105, 138, "見本", 130)
        drawn.middle(105, 156, "このまま納付することはできません（訓練用）", 13)
        for at in range(len(PARTS)):
            drawn.middle(LEFT + at * (WIDTH + 1) + WIDTH / 2 + 8, TOP + 44, "見本", 60)
        drawn.marks.append("Q")
    for at in range(len(PARTS)):
        x = LEFT + at * (WIDTH + 1)
        drawn.box(x, TOP, WIDTH, HEIGHT)
        drawn.line(x + LABEL, TOP + HEAD, x + LABEL, FOOT, 0.1)
        for row in range(len(ROWS) + 1):
            drawn.line(x, TOP + HEAD + row * ROW, x + WIDTH, TOP + HEAD + row * ROW, 0.1)
    for x in (LEFT + 4, LEFT + 2 * (WIDTH + 1) + 4):
        drawn.box(x, TOP + HEIGHT - STAMP - 6, STAMP, STAMP)
        drawn.middle(x + STAMP / 2, TOP + HEIGHT - 2.5, "領収日付印", SMALL)
    drawn.dashes(0, TOP - 6, 210, TOP - 6)
    for fold in (99, 198):
        drawn.line(0, fold, 4, fold, 0.1)
    drawn.middle(105, TOP - 2, "切り離さずに、このままお持ちください。", SMALL)


def draw_parts(page: Page, face: Face) -> None:
    """The three parts and their codes, in the order in which they are read (3片の描画)."""
    values = (
        face.year, face.fee, face.reference, face.period, f"{face.yen:,}円", wareki(face.due_on),
        wareki(face.pay_until), face.payer,
    )  # fmt: skip
    rows = [
        fitted(page.letters, said, WIDTH - LABEL - 3, LARGE if at == 4 else PLAIN) for at, said in enumerate(values)
    ]
    feet = (_receipt, _counter, _notice)
    for at, (title, foot) in enumerate(zip(PARTS, feet, strict=True)):
        x = LEFT + at * (WIDTH + 1)
        page.begin("H2")
        page.text(x + 2, TOP + 6.2, title, LARGE)
        page.begin("P")
        for row, (label, lines) in enumerate(zip(ROWS, rows, strict=True)):
            _row(page, x, TOP + HEAD + row * ROW, label, lines)
        foot(page, face, x)


def _row(page: Page, x: float, y: float, label: str, lines: Sequence[tuple[str, float]]) -> None:
    page.text(x + 1.5, y + 4.2, label, SMALL)
    if len(lines) == 1:
        page.text(x + LABEL + 1.5, y + 4.5, *lines[0])
        return
    # Of a name that long more than three lines are set closer, smaller than anybody would choose.
    step = ROW / (len(lines) + 0.3)
    for at, (line, size) in enumerate(lines, start=1):
        page.text(x + LABEL + 1.5, y + at * step, line, min(size, step * 2.6))


def _receipt(page: Page, face: Face, x: float) -> None:
    page.begin("P")
    page.text(x + 3, FOOT + 6, "上記の金額を領収しました。", PLAIN)
    _signed(page, face, x)


def _counter(page: Page, face: Face, x: float) -> None:
    page.begin("P")
    _signed(page, face, x)
    _el_number(page, face, x)
    if not face.barcode:
        reason = "30万円を超えるため、" if face.yen > MOST_AT_STORES else ""
        for line, size in fitted(page.letters, f"{reason}コンビニでは納められません。", WIDTH - 6, PLAIN):
            page.text(x + 3, TOP + HEIGHT - 8, line, size)
        return
    modules, data = gs1_128(face.barcode)
    width = modules * face.bar
    left, y = x + (WIDTH - width) / 2, TOP + HEIGHT - 25
    page.figure("コンビニエンスストア用のバーコード", left, y, (width, 13), (modules, 1), data)
    page.begin("P")
    page.text(left, y + 16.5, f"(91){face.barcode[2:29]}", SMALL)
    page.text(left, y + 20, face.barcode[29:], SMALL)


def _notice(page: Page, face: Face, x: float) -> None:
    page.begin("P")
    _signed(page, face, x)
    _el_number(page, face, x)
    if face.el_qr:
        side, data = qr(face.el_qr)
        length = side * MODULE
        at = x + WIDTH - length - 7, TOP + HEIGHT - length - 10
        page.middle(at[0] + length / 2, TOP + HEIGHT - 3.5, "eL-QR", PLAIN)
        words = "eL-QR（決済アプリや地方税お支払サイトで読み取るコード）"
        page.figure(words, *at, (length, length), (side, side), data)


def _signed(page: Page, face: Face, x: float) -> None:
    for line, size in fitted(page.letters, face.town, WIDTH - 6, LARGE):
        page.text(x + 3, FOOT + 12, line, size)


def _el_number(page: Page, face: Face, x: float) -> None:
    number = face.el_number
    if number:
        spaced = " ".join((number[:5], number[5:25], number[25:31], number[31:]))
        for line, size in fitted(page.letters, f"eL番号 {spaced}", WIDTH - 6, PLAIN):
            page.text(x + 3, FOOT + 18, line, size)
