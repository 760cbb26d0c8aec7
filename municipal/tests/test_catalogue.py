"""Every sentence that a person may read has its English one (翻訳の試験)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils.translation import override
from django.utils.translation.template import templatize

from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence, sentences

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "municipal" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SAID = {"Refused", "gettext", "gettext_lazy", "gettext_noop", "_", "pgettext", "ngettext"}
LITERAL = re.compile(r"""gettext\((u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""")
PLACES = re.compile(r"%\((\w+)\)")
JAPANESE = re.compile("[぀-ヿ一-鿿]")


def in_code(text: str) -> Iterator[str]:
    """The literals that are said: the first argument of SAID, and the sentences of constraints."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        said = node.args[:1] if name in SAID else []
        said += [keyword.value for keyword in node.keywords if keyword.arg == "violation_error_message"]
        for value in said:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def sentences_of_the_project() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "municipal").rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found |= set(in_code(path.read_text(encoding="utf-8")))
    for path in (ROOT / "municipal").rglob("templates/**/*.html"):
        # templatize writes gettext calls and fills everything else with letters that are no Python.
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found |= {ast.literal_eval(text) for text in LITERAL.findall(source)}
    return {text for text in found if JAPANESE.search(text)}


def known(language: str) -> dict[str, str]:
    """Every sentence of a catalogue with its translation."""
    path = ROOT / "municipal" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_has_its_english_one(catalogue: Catalog) -> None:
    translated = {message.id for message in catalogue if message.string}
    assert sorted(sentences_of_the_project() - translated) == []


def test_no_translation_outlives_its_sentence(catalogue: Catalog) -> None:
    known = sentences_of_the_project()
    orphans = [message.id for message in catalogue if message.id and message.id not in known]
    assert orphans == []


def test_a_translation_has_the_same_places_as_its_sentence(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert set(PLACES.findall(message.id)) == set(PLACES.findall(str(message.string))), message.id


def test_a_refusal_is_one_sentence_in_both_languages() -> None:
    refused = Refused("%(max_length)d文字以内で入力してください。", max_length=7)
    said = sentences(refused)
    assert said["ja"] == "7文字以内で入力してください。"
    assert "7" in said["en"]
    assert said["en"] != said["ja"]
    assert not JAPANESE.search(said["en"])
    with override("en"):
        assert sentence(refused) == said["en"]
