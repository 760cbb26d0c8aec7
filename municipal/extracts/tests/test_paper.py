"""What does not fit on paper, or into the typeface, is told on a last page (一覧と宛名シールのPDFの試験)."""

import pypdfium2
import pytest

from municipal.extracts.answers import Answer, Label, Row
from municipal.extracts.paper import LABELS, LINES, labels_on_paper, list_on_paper


def pages_of(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def listed(*names: str) -> list[str]:
    rows = iter([Row((name, "松町")) for name in names])
    return pages_of(list_on_paper(Answer("一覧", ("氏名", "住所"), rows, ())))


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (LINES, 1), (LINES + 1, 2), (LINES * 3, 3)])
def test_a_list_has_as_many_pages_as_it_needs(count: int, pages: int) -> None:
    assert len(listed(*["甲野　太郎"] * count)) == pages


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (LABELS, 1), (LABELS + 1, 2)])
def test_labels_stand_twenty_one_to_a_sheet(count: int, pages: int) -> None:
    labels = [Label("9990001", "架空市松町１番地", "甲野　太郎", f"{n:010}", n) for n in range(count)]
    assert len(pages_of(labels_on_paper(labels))) == pages


def test_a_character_that_the_typeface_lacks_is_named_on_a_last_page() -> None:
    first, last = listed("甲野\ue000")
    assert "■" in first
    assert "U+E000" in last
    assert "甲野" in last


def test_what_does_not_fit_is_told_and_not_cut_silently() -> None:
    long = "架空市" + "とても長い町名" * 60
    label = Label("9990001", long, "甲野　太郎", "0000000019", 1)
    sheet, last = pages_of(labels_on_paper([label]))
    assert "0000000019" in last
    assert "枠に収まりません" in last
    assert "甲野　太郎" in sheet
