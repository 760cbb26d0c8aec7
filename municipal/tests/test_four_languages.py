"""What a resident may read is said in four languages: Japanese, plain Japanese, English, Korean (4言語の試験).

A page is a resident's where it stands in a frame of theirs or in a folder of theirs; a module where it answers somebody
who is not staff, what such a module imports of views and forms, and what the rooms that serve residents say. What only
staff, trainers or machines read is named here, so that anything new counts until somebody decides otherwise.
"""

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from municipal.checkout.methods import Way, ways
from municipal.payments.fees import Fee, fees
from municipal.web.languages import LANGUAGES as READ

from .test_catalogue import JAPANESE, LITERAL, PLACES, ROOT, in_code, known, sentences_of_the_project

FOLDER = ROOT / "municipal" / "web" / "templates"
VIEWS, FORMS = (ROOT / "municipal" / "web" / name for name in ("views", "forms"))
FOLDERS = {"apply", "bundles", "me", "pay"}
"""Folders of residents' pages and of the parts that stand on them."""
PAGES = {"base.html", "desk/large.html", *(f"errors/{name}.html" for name in ("404", "500", "503", "csrf", "plain"))}
"""Pages that residents meet outside a frame of theirs: the screen turned to them at the counter, what went wrong."""
OF_CLERKS = {"bundles/for_clerks.html"}
ROOMS = ("applicants", "applications", "checkout")
SHARED = ("core/eras.py", "core/characters.py", "office/answers.py")
"""What forms of residents say through what everybody's forms share."""
OF_STAFF = {
    "views": {"identity", "webhooks", "intake_portal", "case_evidence"},
    "forms": {"identity", "intake", "cases"},
    "applications": {
        "counter", "outcomes", "at_the_counter", "carrying_out", "evidence", "fees", "handling", "identifying",
        "receptions", "refreshing", "findings", "holds", "keeping",
    },
    "checkout": {"hearing", "refunding", "signatures"},
    "applicants": set(),
}  # fmt: skip
"""Modules, or whole folders, whose sentences only staff or machines read."""
LANGUAGES = ("ja_Easy", "ko")
USED = re.compile(r'{% (?:include|extends) "([^"]+)"')


def pages() -> set[str]:
    """Every template of a resident's page, with what it stands in and what it includes."""
    frames = {f"{path.parent.name}/frame.html" for path in FOLDER.glob("*/frame.html")}
    texts = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.html")}
    found = {name for name, text in texts.items() if name.split("/")[0] in FOLDERS or frames & set(USED.findall(text))}
    found |= frames
    # What stands in the frame of everybody includes the menu of staff; of it, only its own sentences reach residents.
    while more := {used for name in found for used in USED.findall(texts.get(name, ""))} - found:
        found |= more
    return {name for name in found | PAGES if (FOLDER / name).exists()} - OF_CLERKS


def modules() -> set[Path]:
    """Every module that says something to residents."""
    views = {
        path.stem for path in VIEWS.glob("*.py")
        if re.search(r"open_to_all|@for_applicants", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    views = _imported(VIEWS, views - OF_STAFF["views"], r"from \.(\w+) import", OF_STAFF["views"] | {"casework"})
    texts = [(VIEWS / f"{name}.py").read_text(encoding="utf-8") for name in views]
    forms = {name for text in texts for name in re.findall(r"from municipal\.web\.forms\.(\w+)", text)}
    forms = _imported(FORMS, forms - OF_STAFF["forms"], r"from \.(\w+) import", OF_STAFF["forms"])
    found = {VIEWS / f"{name}.py" for name in views} | {FORMS / f"{name}.py" for name in forms}
    found |= {ROOT / "municipal" / name for name in SHARED}
    for room in ROOMS:
        for path in (ROOT / "municipal" / room).rglob("*.py"):
            if not {"tests", "migrations", "management", *OF_STAFF[room]} & {*path.parts, path.stem}:
                found.add(path)
    return found


def _imported(folder: Path, names: set[str], wanted: str, left: set[str]) -> set[str]:
    """These modules and what they import of their own folder."""
    found = set(names)
    while more := {
        one for name in found
        for one in re.findall(wanted, (folder / f"{name}.py").read_text(encoding="utf-8"))
    } - found - left:  # fmt: skip
        found |= more
    return found


def said_to_residents() -> set[str]:
    found: set[str] = set()
    for name in pages():
        source = templatize((FOLDER / name).read_text(encoding="utf-8"), origin=name)
        found |= {ast.literal_eval(text) for text in LITERAL.findall(source)}
    for path in modules():
        found |= set(in_code(path.read_text(encoding="utf-8")))
    return {text for text in found if JAPANESE.search(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing(language: str) -> None:
    assert sorted(said_to_residents() - known(language).keys()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_as_its_sentence(language: str) -> None:
    for sentence, said in known(language).items():
        assert set(PLACES.findall(sentence)) == set(PLACES.findall(said)), sentence


def test_korean_holds_no_japanese_letters() -> None:
    """Kana in a Korean sentence is a sentence that was left as it was; names of Japanese things stand in Hangul."""
    assert [said for said in known("ko").values() if re.search("[ぁ-んァ-ヴ]", said)] == []


@pytest.mark.parametrize("named", [*fees().values(), *ways().values()], ids=lambda one: one.code)
def test_what_is_paid_and_how_is_named_in_every_language(named: Fee | Way) -> None:
    assert all(named.names.values())
    assert set(named.names) == set(READ)
    assert not JAPANESE.search(named.names["ko"] + named.names["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_outlives_its_sentence(language: str) -> None:
    assert sorted(known(language).keys() - sentences_of_the_project()) == []
