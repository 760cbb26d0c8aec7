"""Nothing sticks out of its place, whatever names and addresses there are (券面の収まりの試験)."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipal.core import clock
from municipal.payments.paper.document import A4, POINTS_PER_MM, Page
from municipal.payments.paper.face import LEFT, PARTS, TOP, WIDTH, Face, Instalment, draw_parts
from municipal.payments.paper.fitting import SMALLEST, boxed, broken, fitted
from municipal.payments.paper.letter import SEEN, WINDOW, draw
from municipal.payments.paper.letters import Letters
from municipal.payments.paper.run import print_slips
from municipal.payments.paper.symbols import gs1_128, qr, svg

MADE_AT = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
PLAIN = Face(
    town="架空市", office="税務課　収納係", payer="甲野　太郎", recipient="甲野　太郎　様", role="",
    address=("〒999-0001", "架空県架空市松町１番地"), care_of="", fee="国民健康保険料", year="令和8年度",
    reference="0001",
    period="第1期", yen=12_300, issued_on=date(2026, 11, 20), due_on=date(2026, 12, 1), pay_until=date(2027, 1, 10),
    el_number="99999" + "0" * 19 + "1123456901", el_qr="1" * 255, barcode="9" * 44, notes=("金額は直せません。",),
)  # fmt: skip
LETTERS = st.text(st.sampled_from("甲野太郎邉辻一二三１２３ァーｱABCiW0123 　-・"), max_size=200)
NAMES = st.text(st.sampled_from("甲野太郎邉ァーABCiW　・"), min_size=1, max_size=100)


class Seen(Page):
    """A page that remembers where every text stands, in millimetres."""

    def __init__(self) -> None:
        super().__init__(Letters())
        self.texts: list[tuple[float, float, float, float, str]] = []

    def text(self, x: float, y: float, said: str, size: float) -> None:
        wide = self.letters.width(said) * size / 1000 / POINTS_PER_MM
        self.texts.append((x, y - size / POINTS_PER_MM * 0.9, x + wide, y, said))
        super().text(x, y, said, size)


def texts_of(face: Face, how: Any = draw) -> list[tuple[float, float, float, float, str]]:
    page = Seen()
    how(page, face)
    return page.texts


def extreme(**said: Any) -> Face:
    return replace(PLAIN, **said)


def assert_in_place(face: Face) -> None:
    """Every text on the sheet; what the window may show stands where it always does; parts keep to themselves."""
    margin = 0.01
    left, top, width, height = WINDOW
    for x1, y1, x2, y2, said in texts_of(face):
        assert 0 <= x1 <= x2 <= A4[0] + margin, said
        assert y2 <= A4[1], said
        if x1 < SEEN[0] and y1 < SEEN[1]:
            assert left <= x1 <= x2 <= left + width + margin, said
            assert top - 1 <= y1 <= y2 <= top + height + margin, said
    for x1, _y1, x2, y2, said in texts_of(face, draw_parts):
        part = int((x1 - LEFT) // (WIDTH + 1))
        assert x2 <= LEFT + part * (WIDTH + 1) + WIDTH + margin, said
        assert y2 > TOP, said


@settings(max_examples=60, deadline=None)
@given(
    payer=NAMES, recipient=NAMES, role=LETTERS, address=st.lists(LETTERS, max_size=4), fee=NAMES, office=NAMES,
    town=NAMES, yen=st.integers(1, 99_999_999_999), reference=st.text("0123456789W", max_size=20),
    count=st.integers(0, 40),
)  # fmt: skip
def test_no_text_leaves_its_place(count: int, **said: Any) -> None:
    rows = tuple(Instalment(f"第{at}期", date(2026, 12, 31), said["yen"]) for at in range(1, count + 1))
    assert_in_place(extreme(overview=rows, **said))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"payer": "邉" * 100, "recipient": "邉" * 100 + "　御中"},
        {
            "address": ("〒999-0001", "架空市" * 60, "見本ハイツ" * 20),
            "role": "相続人代表者（故 " + "邉" * 100 + " 様分）",
        },
        {"address": (), "care_of": "税務課　収納係の窓口でお渡しします"},
        {"yen": 99_999_999_999, "barcode": ""},
        {"yen": 300_001, "barcode": ""},
        {"el_qr": "", "el_number": ""},
        {"town": "架空県北部広域連合" * 4, "office": "収納" * 30},
        {"bar": 0.191},
    ],
)
def test_hard_slips_keep_to_their_places(said: dict[str, Any]) -> None:
    assert_in_place(extreme(**said))


@given(said=LETTERS, width=st.floats(5, 100), size=st.floats(6, 20))
@settings(max_examples=60, deadline=None)
def test_text_that_is_made_to_fit_fits_and_loses_nothing(said: str, width: float, size: float) -> None:
    letters = Letters()
    lines = fitted(letters, said, width, size)
    assert "".join(line for line, _ in lines) == said
    for line, small in lines:
        assert len(line) <= 1 or letters.width(line) * small / 1000 / POINTS_PER_MM <= width + 0.001
        assert min(size, SMALLEST) - 0.001 <= small <= size


@given(said=st.lists(st.tuples(LETTERS, st.floats(6, 15)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_paragraphs_in_a_box_stay_in_it_and_lose_nothing(said: list[tuple[str, float]]) -> None:
    lines = boxed(Letters(), said, 60, 23)
    assert "".join(line for _, line, _ in lines) == "".join(text for text, _ in said)
    assert all(0 < foot <= 23.001 for foot, _, _ in lines)
    assert [foot for foot, _, _ in lines] == sorted(foot for foot, _, _ in lines)


def test_lines_break_only_where_they_must() -> None:
    assert broken(Letters(), "甲野太郎", 60, 9) == ["甲野太郎"]
    assert broken(Letters(), "甲" * 30, 60, 9) == ["甲" * 18, "甲" * 12]
    assert broken(Letters(), "", 60, 9) == [""]


def test_the_widest_barcode_fits_into_sixty_millimetres_with_its_quiet_zones() -> None:
    modules = gs1_128("9" * 44)[0]
    assert modules * 0.191 + 2 * 10 * 0.191 <= 60
    assert modules * 0.191 <= WIDTH


def test_a_symbol_on_the_screen_has_every_module_of_the_paper() -> None:
    side, data = qr("1" * 255)
    drawn = svg((side, side), data, (side * 2, side * 2))
    rows = [int.from_bytes(data[at * 6 : at * 6 + 6], "big") >> 7 for at in range(side)]
    runs = sum(len(f"{row:041b}".replace("0", " ").split()) for row in rows)
    assert drawn.count("M") - 1 == runs


def spoken(data: bytes) -> Iterator[tuple[str, str]]:
    """Type and words of every element of the first page, in the order in which a screen reader meets them."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)

    def words(get: Any, element: Any) -> str:
        buffer = ctypes.create_string_buffer(2_000)
        size = get(element, buffer, 2_000)
        return buffer.raw[: max(0, size - 2)].decode("utf-16-le")

    def walk(element: Any) -> Iterator[tuple[str, str]]:
        yield words(pdfium.FPDF_StructElement_GetType, element), words(pdfium.FPDF_StructElement_GetAltText, element)
        for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
            if child:
                yield from walk(child)

    for at in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        yield from walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, at))
    pdfium.FPDF_StructTree_Close(tree)


def test_a_screen_reader_meets_headings_paragraphs_and_pictures_with_words_in_order() -> None:
    file = io.BytesIO()
    print_slips(file, [PLAIN], title="納付書", made_at=MADE_AT, is_specimen=True)
    found = list(spoken(file.getvalue()))
    kinds = [kind for kind, _ in found]
    assert kinds[:3] == ["Document", "Sect", "P"]
    assert kinds.index("H1") < kinds.index("H2")
    assert kinds.count("H2") == 1 + len(PARTS)
    assert [said for kind, said in found if kind == "Figure"] == [
        "コンビニエンスストア用のバーコード",
        "eL-QR（決済アプリや地方税お支払サイトで読み取るコード）",
    ]


@pytest.mark.parametrize("has_cover", [True, False])
def test_only_a_run_of_specimens_has_a_cover(has_cover: bool) -> None:
    for is_specimen in (True, False):
        file = io.BytesIO()
        print_slips(
            file, [PLAIN], title="納付書", made_at=MADE_AT, is_specimen=is_specimen, has_cover=has_cover
        )  # fmt: skip
        pages = pypdfium2.PdfDocument(file.getvalue())
        assert len(pages) == 1 + (has_cover and is_specimen)
        assert ("見本" in pages[0].get_textpage().get_text_range()) == is_specimen
