"""The HTML report: one file, no address, no script, readable by everybody (HTML形式の試験)."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from municipal.conformance import reports, waivers
from municipal.conformance.findings import Outcome
from municipal.conformance.reports.style import STYLE
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import TODAY, finding, report, result

VOID = {"meta", "br"}


class Page(HTMLParser):
    """The elements of a page, in order, with what is open where."""

    def __init__(self, made: Report, language: str = "ja") -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.html = reports.write(made, "html", language).decode()
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.said.setdefault(self.open[-1], []).append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_element_is_closed_and_every_id_is_one(language: str) -> None:
    page = Page(report(), language)
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) > 10
    assert {attributes["aria-labelledby"] for tag in ("section", "article") for attributes in page.every(tag)} <= set(
        ids
    )
    assert {str(attributes["href"])[1:] for attributes in page.every("a")} <= set(ids)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = Page(report())
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.elements}
    assert not re.search(r"https?:|url\(|@import|javascript:| on\w+=", page.html)
    assert "default-src 'none'" in page.html


def test_the_page_has_a_language_a_title_and_headings_without_gaps() -> None:
    page = Page(report(), "en")
    assert page.every("html") == [{"lang": "en"}]
    assert page.said["title"] == ["Report of the check 2026-11-23"]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_table_has_a_caption_and_headings_with_scope() -> None:
    page = Page(report())
    assert len(page.every("table")) == len(page.every("caption")) >= 8
    assert {attributes.get("scope") for attributes in page.every("th")} == {"col", "row"}
    assert all(attributes.get("role") for attributes in page.every("td"))


def test_the_other_language_is_marked_as_such() -> None:
    others = [attributes for attributes in Page(report()).every("span") if attributes.get("class") == "other"]
    assert {attributes.get("lang") for attributes in others} >= {"en"}
    assert "ja" not in {attributes.get("lang") for attributes in others}


def test_what_a_file_says_stays_text() -> None:
    hostile = "<img src=x onerror=alert(1)>&amp;\"'"
    made = report(
        result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, hostile, hostile, file=hostile), clause=hostile),
        privacy="raw",
        problems=((hostile, hostile),),
    )
    page = Page(made)
    assert page.every("img") == []
    assert "&lt;img src=x onerror=alert(1)&gt;&amp;amp;" in page.html


def test_how_many_are_listed_of_how_many_is_said_at_the_rule() -> None:
    page = Page(report())
    assert "RES-0001 の場所（25件のうち10件）" in page.said["caption"]
    assert "25件・記載10件" in page.said["strong"]


def test_what_is_apart_is_drawn_apart() -> None:
    classes = [attributes.get("class") for attributes in Page(report()).every("article")]
    assert classes == ["rule", "rule", "rule apart", "rule apart", "rule apart", "rule apart"]


def test_files_packs_requirements_and_waivers_have_their_tables(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text(
        '[[waiver]]\nrule="RES-0001"\nscope={file="*",rows=[2]}\nreason="古い"\napprover="課長"\nexpires=2027-01-01\n'
    )
    page = Page(waivers.apply(report(), waivers.read(file, TODAY)))
    text = "".join(part for parts in page.said.values() for part in parts)
    for expected in ("cp932 (csv)", "CRLF", "推定：40 headings", "判別できませんでした", "cd" * 32, "古い", "課長"):
        assert expected in text
    assert "resident-record/1.0#1.1.11/n1" in "".join(page.said["th"])
    assert "免除：古い（課長、2027-01-01まで）" in text


def test_an_empty_report_is_a_page_too() -> None:
    page = Page(report(result("RES-0001"), files=(), packs=(), clauses={}))
    assert page.open == []
    assert "files" not in {attributes.get("id") for attributes in page.every("h2")}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["ink", "soft", "blue", "red", "amber", "green"])
def test_every_colour_of_text_stands_out_from_white_by_seven_to_one(name: str) -> None:
    colour = re.search(rf"--{name}: (#[0-9a-f]{{6}})", STYLE)
    assert colour
    assert 1.05 / (luminance(colour[1]) + 0.05) >= 7
