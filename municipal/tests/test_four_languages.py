"""What a resident may read is said in four languages: Japanese, plain Japanese, English, Korean (4言語の試験).

A page is a resident's where it stands in a frame of theirs; a module where it answers somebody who is not staff, and
what such a module imports of forms and of the rooms that serve residents.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from .test_catalogue import JAPANESE, LITERAL, PLACES, ROOT, in_code

FOLDER = ROOT / "municipal" / "web" / "templates"
ROOMS = ("applicants", "applications", "checkout")
OF_STAFF = {"identity", "webhooks", "simulated", "simulator", "errors", "intake", "intake_portal"}
"""Modules that let everybody in and speak to staff, machines or trainers."""
LANGUAGES = ("ja_Easy", "ko")
USED = re.compile(r'{% (?:include|extends) "([^"]+)"')


def pages() -> set[str]:
    """Every template of a resident's page, with what it stands in and what it includes."""
    frames = {f"{path.parent.name}/frame.html" for path in FOLDER.glob("*/frame.html")}
    texts = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.html")}
    found = frames | {name for name, text in texts.items() if frames & set(USED.findall(text))}
    while more := {used for name in found for used in USED.findall(texts.get(name, ""))} - found:
        found |= more
    return {name for name in found if (FOLDER / name).exists()}


def modules() -> Iterator[Path]:
    """Every module that says something to residents."""
    views = [
        path for path in (ROOT / "municipal" / "web" / "views").glob("*.py")
        if "open_to_all" in path.read_text(encoding="utf-8") and path.stem not in OF_STAFF
    ]  # fmt: skip
    yield from views
    forms = {name for path in views for name in re.findall(r"from municipal\.web\.forms\.(\w+)", path.read_text("utf-8"))}
    yield from (ROOT / "municipal" / "web" / "forms" / f"{name}.py" for name in sorted(forms - OF_STAFF))
    for room in ROOMS:
        for path in (ROOT / "municipal" / room).rglob("*.py"):
            if not {"tests", "migrations", "management"} & set(path.parts):
                yield path


def said_to_residents() -> set[str]:
    found: set[str] = set()
    for name in pages():
        source = templatize((FOLDER / name).read_text(encoding="utf-8"), origin=name)
        found |= {ast.literal_eval(text) for text in LITERAL.findall(source)}
    for path in modules():
        found |= set(in_code(path.read_text(encoding="utf-8")))
    return {text for text in found if JAPANESE.search(text)}


def known(language: str) -> dict[str, str]:
    path = ROOT / "municipal" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


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
