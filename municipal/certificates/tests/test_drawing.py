"""Drawing: characters, what fits, what is told, seals, annexes (帳票の描画の試験)."""

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from municipal.certificates.contents import Block, Contents, Item
from municipal.certificates.kinds import KINDS, LETTER, LIST
from municipal.certificates.paper.fitting import SMALLEST, broken, fit
from municipal.certificates.paper.forms import Seal, draw
from municipal.certificates.paper.screens import screen
from municipal.certificates.paper.typeface import MISSING, clusters, typeface
from municipal.certificates.rules.numbering import IssueNumber

from .issuing import square, text_of
from .test_rules import facts, said

NUMBER = IssueNumber(date(2026, 11, 29), "架空市", "本庁1", "プリンタ001", 11)
BASE = Contents(
    "person_copy", "住民票の写し", "架空市", (Item("address", "住所", "架空県架空市松町１番地"),),
    (Block("甲野　太郎", (Item("name", "氏名", "甲野　太郎"),)),), attestation="相違ないことを証明する。",
    dated="令和8年11月29日", officer="架空県架空市長", officer_name="架空　太郎",
)  # fmt: skip


def named(text: str, **more: object) -> Contents:
    return replace(BASE, people=(Block(text[:3], (Item("name", "氏名", text),)),), **more)  # type: ignore[arg-type]


def marks_in(pdf: bytes, page: int = 0) -> int:
    """How many dark points a page has, drawn small."""
    picture = PdfDocument(pdf)[page].render(scale=1).to_pil().convert("L")
    return sum(picture.histogram()[:128])


@pytest.mark.parametrize(
    "text",
    [
        "髙橋　﨑子", "渡邉　渡邊", "𠮷野　𠀋", "ZHANG YULIN　張　玉蓮", "辻\U000e0100　葛\U000e0100",
        "ﾊﾝｶｸ　①㈱", "々〆ヶ　ー−～",
    ],
)  # fmt: skip
def test_names_are_drawn_and_copied_out_as_they_are_registered(text: str) -> None:
    drawn = draw(named(text), NUMBER)
    assert drawn.overflows == ()
    lines = text_of(drawn.pdf).replace("\r", "").split("\n")
    assert any(text in line for line in lines)


@pytest.mark.clause("resident-record/1.0#5.8/m2")
@pytest.mark.parametrize(
    ("text", "missing"),
    [("甲野　\U0010de92郎", "\U0010de92"), ("甲\ue000野", "\ue000"), ("一\U000e0103郎", "一\U000e0103"), ("ไทย", "ไ")],
)
def test_a_character_that_the_typeface_lacks_is_told_and_shown_as_a_square(text: str, missing: str) -> None:
    drawn = draw(named(text), NUMBER)
    assert missing in drawn.overflows[0].missing
    assert MISSING in text_of(drawn.pdf)


@pytest.mark.parametrize(
    ("text", "count"),
    [("辻\U000e0100", 1), ("葛\ufe00城", 2), ("", 0), ("\U000e0100", 1), ("ab", 2), ("𠮷\U000e0101野", 2)],
)
def test_a_selector_belongs_to_the_character_before_it(text: str, count: int) -> None:
    assert len(list(clusters(text))) == count
    assert "".join(clusters(text)) == text


@pytest.mark.clause("resident-record/1.0#5.8/m1")
@pytest.mark.parametrize("length", [1, 20, 40, 60, 80, 100])
def test_a_long_name_gets_smaller_until_it_fits(length: int) -> None:
    found = fit("漢" * length, width=300, height=20, size=10.5)
    assert not found.is_cut
    assert "".join(found.lines) == "漢" * length
    assert SMALLEST <= found.size <= 10.5
    assert all(typeface().width(line, found.size) <= 300 for line in found.lines)


@pytest.mark.clause("resident-record/1.0#5.8/m3", "resident-record/1.0#10.7/m6")
def test_of_what_does_not_fit_as_much_as_fits_is_printed_or_nothing_and_both_are_told() -> None:
    long = "漢" * 400
    kept, blank = draw(named(long), NUMBER), draw(named(long, keeps_cut=False), NUMBER)
    for drawn in (kept, blank):
        (told,) = drawn.overflows
        assert (told.label, told.text) == ("漢漢漢 氏名", long)
        assert 0 < len(told.left_over) < 400
    assert text_of(kept.pdf).count("漢") == 400 - len(kept.overflows[0].left_over)
    assert "漢" not in text_of(blank.pdf)


@pytest.mark.parametrize("size", [5.0, 7.5, 10.5])
def test_lines_are_broken_without_losing_a_character(size: float) -> None:
    text = "架空県架空市松町１番地　ABC-123号室　辻\U000e0100様方" * 3
    assert "".join(broken(text, 100, size)) == text


def test_the_same_contents_give_the_same_bytes() -> None:
    assert draw(BASE, NUMBER).pdf == draw(BASE, NUMBER).pdf
    assert draw(BASE, NUMBER).pdf != draw(BASE, replace(NUMBER, serial=12)).pdf


@pytest.mark.clause("resident-record/1.0#5.1/m7", "resident-record/1.0#5.1/m6")
def test_the_attestation_stands_on_the_last_page_of_the_annex() -> None:
    told = tuple(Item("alias", f"記載　令和{year}年1月1日", f"通称{year}") for year in range(1, 31))
    drawn = draw(replace(BASE, annexes=(Block("通称の記載及び削除に関する事項", told),)), NUMBER)
    assert drawn.pages == 3
    pages = [text_of(drawn.pdf, page) for page in range(3)]
    assert ["証明する" in page for page in pages] == [False, False, True]
    assert ["別紙" in page for page in pages] == [False, True, True]
    assert [f"本庁1 プリンタ001 011 {page}/3" in text for page, text in enumerate(pages, 1)] == [True] * 3


@pytest.mark.clause("resident-record/1.0#5.1/m4", "resident-record/1.0#5.6/m3")
def test_a_seal_is_drawn_black_and_in_its_size() -> None:
    without = marks_in(draw(BASE, NUMBER).pdf)
    small, large = (
        marks_in(draw(BASE, NUMBER, seal=Seal(square(), size)).pdf) - without for size in (10, 25)
    )  # fmt: skip
    assert 0 < small < large
    picture = PdfDocument(draw(BASE, NUMBER, seal=Seal(square(), 25)).pdf)[0].render(scale=1).to_pil().convert("HSV")
    assert picture.getchannel("S").getextrema()[1] < 10  # no colour anywhere


@pytest.mark.clause("resident-record/1.0#5.5/n1")
def test_the_place_of_issue_has_no_field_on_any_form() -> None:
    labels = {item.label for block in BASE.people for item in block.items} | {item.label for item in BASE.heads}
    assert not [label for label in labels if "場所" in label]
    assert not hasattr(BASE, "place")


@pytest.mark.clause("resident-record/1.0#5.1/m4")
def test_no_standard_form_carries_a_code_to_be_verified_by() -> None:
    """Whatever is drawn is text, lines and the seal: no picture but that one."""
    objects = list(PdfDocument(draw(BASE, NUMBER).pdf)[0].get_objects())
    assert {one.type for one in objects} <= {1, 2}  # text and path


@pytest.mark.parametrize("kind", [code for code, kind in KINDS.items() if kind.family not in (LETTER, LIST)])
def test_every_form_is_one_a4_page_for_one_person(kind: str) -> None:
    drawn = draw(replace(BASE, kind=kind), NUMBER)
    page = PdfDocument(drawn.pdf)[0]
    assert drawn.pages == 1
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]


def test_a_sample_says_so_on_every_page() -> None:
    long = replace(BASE, annexes=(Block("別", (Item("a", "b", "c"),)),))
    pdf = draw(long, None, is_sample=True).pdf
    assert all("見本" in text_of(pdf, page) for page in range(2))
    assert "見本" not in text_of(draw(long, NUMBER).pdf)


@pytest.mark.clause("resident-record/1.0#10.7/m5")
def test_a_screen_is_copied_over_as_many_pages_as_it_needs() -> None:
    groups = [
        Block(f"項目群{group}", tuple(Item("x", f"項目{n}", f"値{group}-{n}") for n in range(20))) for group in range(5)
    ]
    pdf = screen("住民の記録", groups, "画面の写し　令和8年11月29日 10:00　窓口　一葉")
    document = PdfDocument(pdf)
    text = text_of(pdf)
    assert len(document) > 1
    assert all(f"値{group}-{n}" in text for group in range(5) for n in range(20))
    assert all("窓口　一葉" in text_of(pdf, page) for page in range(len(document)))


def test_individual_numbers_stand_only_in_the_drawing() -> None:
    wanted = named("甲野")
    wanted = replace(wanted, people=(Block("甲野", (Item("individual_number", "個人番号", "", 7),)),))
    assert "123456789018" in text_of(draw(wanted, NUMBER, numbers={7: "123456789018"}).pdf)
    assert "123456789018" not in repr(wanted)
    assert said(facts(), "person_copy", "individual_number") == "【空欄】"


def test_a_picture_of_a_seal_is_a_png() -> None:
    assert Image.open(io.BytesIO(square())).format == "PNG"
