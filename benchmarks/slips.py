"""Slips on paper: complete pages a second, against the usual way and against bytes alone (納付書の印刷).

The usual way is ReportLab with segno, drawing the same texts, lines and codes at the same places. All pages of ours
are decoded afterwards: a slip whose code cannot be read would be fast for nothing.
"""

import io
import itertools
import re
import resource
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pypdfium2
import segno
import zxingcpp
from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measuring import Table, in_turn
from municipal.conformance.slips.layouts import compose, compose_barcode
from municipal.core import clock
from municipal.payments.paper.document import A4, POINTS_PER_MM, Drawing, Page
from municipal.payments.paper.face import Face, draw_frame
from municipal.payments.paper.letter import draw
from municipal.payments.paper.letters import FILE, NAME, Letters
from municipal.payments.paper.run import print_slips

STEMS = "甲乙丙丁戊己庚辛壬癸"
MM = POINTS_PER_MM
SLIPS, PEER_SLIPS, MANY = 1_000, 100, 20_000
MADE_AT = datetime(2026, 11, 29, 9, 0, tzinfo=clock.TOKYO)
DUE, UNTIL = date(2026, 11, 30), date(2027, 1, 15)
NOTES = (
    "納期限を過ぎると、延滞金などがかかることがあります。", "金額を書き直した納付書は使えません。",
    "行き違いですでに納められたときは、ご容赦ください。",
    "納めるのが難しいときや心当たりのないときは、税務課　徴収係へご相談ください。",
)  # fmt: skip
GOAL_A_SECOND, GOAL_RATIO, GOAL_MIB = 500, 5, 500


def payload(serial: int) -> str:
    """The eL-QR of a specimen (見本のデータ)."""
    return compose(
        {
            "agency": "99999", "amount_yen": 12_300 + serial % 50_000, "fee_bearer": "2", "stamp_tax": "0",
            "tax_item": "901", "payment_number": serial, "confirmation_number": serial * 7919 % 10**6,
            "organisation": "99001", "tax_office": "001", "levy_year": 2026, "tax_year": 2026, "period": "01",
            "due_on": DUE, "pay_until": UNTIL,
        }
    )  # fmt: skip


def barcode(serial: int) -> str:
    """The convenience-store barcode of a specimen (見本のバーコード)."""
    return compose_barcode(
        {
            "company": "999999", "free": f"{serial:020d}0", "reissue": "0", "pay_until": UNTIL, "stamp_tax": "0",
            "amount_yen": 12_300 + serial % 50_000,
        }
    )  # fmt: skip


def faces(count: int) -> Iterator[Face]:
    """Slips that differ in everything that differs in life (券面)."""
    for serial in range(1, count + 1):
        yen, name = 12_300 + serial % 50_000, f"{STEMS[serial % 10]}野　太郎"
        yield Face(
            town="架空市", office="税務課　徴収係　電話 000-000-0000", payer=name, recipient=f"{name}　様", role="",
            address=(f"〒999-{serial % 9999:04d}", f"架空県架空市松町{serial % 900 + 1}番地", "見本ハイツ　１０１号室"),
            care_of="", fee="国民健康保険料", year="令和8年度", reference=f"{serial:08d}", period="第1期", yen=yen,
            issued_on=MADE_AT.date(), due_on=DUE, pay_until=UNTIL,
            el_number=f"99999{serial:020d}{serial * 7919 % 10**6:06d}901", el_qr=payload(serial),
            barcode=barcode(serial),
            notes=NOTES,
        )  # fmt: skip


def ours(count: int) -> bytes:
    """The shipped slip, end to end (当方)."""
    file = io.BytesIO()
    print_slips(file, faces(count), title="納付書", made_at=MADE_AT, is_specimen=True)
    return file.getvalue()


class _Usual(Page):
    """The same marks, drawn by ReportLab."""

    def __init__(self, letters: Letters, canvas: Canvas) -> None:
        super().__init__(letters)
        self.canvas = canvas

    def text(self, x: float, y: float, said: str, size: float) -> None:
        self.canvas.setFont(NAME, size)
        self.canvas.drawString(x * MM, (A4[1] - y) * MM, said)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2) -> None:
        self.canvas.setLineWidth(width * MM)
        self.canvas.line(x1 * MM, (A4[1] - y1) * MM, x2 * MM, (A4[1] - y2) * MM)

    def box(self, x: float, y: float, width: float, height: float, *, gray: float = 0.0) -> None:
        self.canvas.setFillGray(gray)
        self.canvas.rect(x * MM, (A4[1] - y - height) * MM, width * MM, height * MM, stroke=not gray, fill=bool(gray))
        self.canvas.setFillGray(0)


@cache
def _register() -> None:
    """Read once, as ours is: the best of several rounds holds pages only."""
    font = TTFont(NAME, str(FILE))
    # ReportLab keeps one font for each face of the process, and the certificates have one of their own.
    font.face.name = b"usual-" + font.face.name
    pdfmetrics.registerFont(font)


def usual(count: int) -> bytes:
    """ReportLab and segno on the same slip, without tags (一般的な方法)."""
    file = io.BytesIO()
    _register()
    canvas, letters = Canvas(file, pagesize=(A4[0] * MM, A4[1] * MM)), Letters()
    for face in faces(count):
        drawn = _Usual(letters, canvas)
        # Once more on every page, as one does without a form.
        draw_frame(drawn, is_specimen=True)
        draw(drawn, replace(face, el_qr="", barcode=""))
        matrix = segno.make(face.el_qr, error="m", mode="numeric", boost_error=False).matrix
        for y, row in enumerate(matrix):
            for dark, run in itertools.groupby(enumerate(row), key=lambda cell: cell[1]):
                cells = list(run)
                if dark:
                    at = (170 + cells[0][0] * 0.42) * MM, (30 - y * 0.42) * MM
                    canvas.rect(*at, len(cells) * 0.42 * MM, 0.42 * MM, stroke=0, fill=1)
        bars = Code128(f"\xf1{face.barcode}", barWidth=0.169 * MM, barHeight=12 * MM, quiet=0)
        bars.drawOn(canvas, 75 * MM, 20 * MM)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def floor(count: int) -> bytes:
    """Nothing but putting as many bytes together and packing them: no page can be cheaper (下限)."""
    page = Drawing(Letters())
    for row in range(45):
        page.text(20, row, "架空県架空市松町１番地", 9)
    content = "\n".join(page.marks).encode()
    return b"".join(zlib.compress(content + str(serial).encode(), 1) for serial in range(count))


def unreadable(data: bytes, step: int = 1) -> int:
    """How many of the pages, or of every ``step``-th, do not give back both codes to the digit (読めない頁)."""
    pdf, bad = pypdfium2.PdfDocument(data), 0
    for serial in range(1, len(pdf) + 1, step):
        picture = pdf[serial - 1].render(scale=300 / 72, grayscale=True).to_numpy()
        found = {re.sub(r"[()]", "", one.text)[:2]: one.text for one in zxingcpp.read_barcodes(picture)}
        bad += found.get("00") != payload(serial) or re.sub(r"[()]", "", found.get("91", "")) != barcode(serial)
    return bad


def measure(slips: int = SLIPS, peer_slips: int = PEER_SLIPS, many: int = MANY) -> list[Table]:
    """Pages a second of processor time, the ratio, and memory of a large run (計測)."""
    table = Table(
        "Slips on paper",
        ("way", "slips", "slips / CPU s", "against ours", "KiB / slip"),
        note="Layout, both codes, tags and file; the same slip for all. The floor only packs as many bytes.",
    )
    mine, theirs, least = in_turn(5, lambda: ours(slips), lambda: usual(peer_slips), lambda: floor(slips))
    speed, peer, bare = slips / min(mine.cpu), peer_slips / min(theirs.cpu), slips / min(least.cpu)
    size, peer_size = len(ours(slips)) / slips / 1024, len(usual(peer_slips)) / peer_slips / 1024
    is_fast = speed >= GOAL_A_SECOND and speed >= GOAL_RATIO * peer
    table.add("ours", f"{slips:,}", f"{speed:,.0f}", "1", f"{size:.1f}", is_met=is_fast)
    table.add("ReportLab and segno", f"{peer_slips:,}", f"{peer:,.0f}", f"1/{speed / peer:.1f}", f"{peer_size:.1f}")
    table.add("floor: packing the bytes", f"{slips:,}", f"{bare:,.0f}", f"{bare / speed:.1f}", "")
    bad = unreadable(ours(slips))
    table.add("pages that cannot be read back", f"{slips:,}", str(bad), "", "", is_met=bad == 0)
    return [table, _large(many)]


def _large(many: int) -> Table:
    note = "One file of 20,000 slips; the memory is that of the whole process. Every hundredth page is read back."
    table = Table("A run of a town", ("slips", "CPU s", "most memory", "pages that cannot be read back"), note=note)
    made: list[bytes] = []
    (times,) = in_turn(1, lambda: made.append(ours(many)))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bad = unreadable(made[0], step=100)
    table.add(f"{many:,}", f"{times.cpu[0]:.1f}", f"{most:.0f} MiB", str(bad), is_met=most < GOAL_MIB and not bad)
    return table
