"""What an entry must not contradict in itself (手続の項目の点検)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.procedures.catalogue import Entry, Field, entry_of
from municipal.procedures.shapes import LANGUAGES, Fault, Found

from .layout import shape

BOTH = _("「%(value)s」は聞く項目と保有している項目の両方にあります。どちらかにしてください。")
TWICE = _("「%(value)s」が2回あります。")
NO_PAGE = _("「%(value)s」というページは pages にありません。")
EMPTY_PAGE = _("ページ「%(value)s」には聞く項目がありません。")
LATER = _("条件の「%(value)s」は、前で聞いている項目にしてください。")
NO_OPTION = _("条件の値「%(value)s」は選択肢にありません。")
OPTIONS = _("選択肢を2つ以上入れてください。")
GROUP = _("くり返しの項目には fields を入れてください。")
ELSEWHERE = _("elsewhere は kind が elsewhere のときだけ、必ず入れてください。")
NO_WAY = _("情報連携で得る書類には、返事がないときの扱い（ask か visit）を入れてください。")
NO_DECISION = _("受け付ける手続には workflow、decision、retention を入れてください。")
NO_ASSURANCE = _("オンラインの手続の本人確認は none、card、signature のどれかにしてください。")
NO_TIME = _("期限には days か months のどちらかを入れてください。")
NO_EVENT = _("できごとを1つ以上入れてください。")
WORDS = _("言い方は3つから8つまで入れてください。")
CITED = _("やさしい日本語に条文の番号は書きません。")
FILE_NAME = _("ファイル名は「%(value)s.json」にしてください。")
NO_BASIS = _("根拠法令を1つ以上入れてください。")


def _repeated(names: Iterable[str], key: str) -> Found:
    yield from ((key, TWICE, name) for name, count in Counter(names).items() if count > 1)


def _asks_once(entry: Entry) -> Found:
    asked, held = [field.name for field in entry.asks], {one.name for one in entry.holds}
    yield from (("asks", BOTH, name) for name in asked if name in held)
    yield from _repeated(asked, "asks")
    yield from _repeated((one.name for one in entry.holds), "holds")
    yield from _repeated((one.id for one in entry.evidence), "evidence")
    yield from _repeated((page for page, _title in entry.pages), "pages")


def _pages_fit(entry: Entry) -> Found:
    pages, used = [page for page, _title in entry.pages], {field.page for field in entry.asks}
    for number, field in enumerate(entry.asks):
        if field.page not in pages:
            yield f"asks[{number}].page", NO_PAGE, field.page
    yield from (("pages", EMPTY_PAGE, page) for page in pages if page not in used)


def _questions_fit(entry: Entry) -> Found:
    yield from _fields_fit(entry.asks, "asks")
    for number, field in enumerate(entry.asks):
        if (field.type == "group") != bool(field.fields):
            yield f"asks[{number}].fields", GROUP, ""
        yield from _repeated((inner.name for inner in field.fields), f"asks[{number}].fields")
        yield from _fields_fit(field.fields, f"asks[{number}].fields")


def _fields_fit(fields: Sequence[Field], key: str) -> Found:
    before: dict[str, set[str]] = {}
    for number, field in enumerate(fields):
        if (field.type in ("choice", "choices")) != (len(field.options) >= 2):
            yield f"{key}[{number}].options", OPTIONS, ""
        yield from _repeated((option.value for option in field.options), f"{key}[{number}].options")
        if field.condition and field.condition.field not in before:
            yield f"{key}[{number}].if", LATER, field.condition.field
        elif field.condition:
            known = before[field.condition.field]
            wrong = [one for one in field.condition.answers if one not in known] or (
                [] if field.condition.answers else [""]
            )
            yield from ((f"{key}[{number}].if", NO_OPTION, one) for one in wrong)
        before[field.name] = {option.value for option in field.options} or (
            {"yes", "no"} if field.type == "yes_no" else set()
        )


def _kind_fits(entry: Entry) -> Found:
    if (entry.kind == "elsewhere") != (entry.elsewhere is not None):
        yield "elsewhere", ELSEWHERE, ""
    is_taken = entry.kind in ("online", "counter")
    if is_taken and not (entry.workflow and entry.does and entry.content["retention"]):
        yield "decision", NO_DECISION, ""
    if is_taken and not entry.basis:
        yield "basis", NO_BASIS, ""
    if entry.is_online and entry.assurance == "counter":
        yield "assurance.level", NO_ASSURANCE, ""
    if entry.deadline and bool(entry.deadline.days) == bool(entry.deadline.months):
        yield "deadline", NO_TIME, ""
    if not entry.events:
        yield "events", NO_EVENT, ""


def _evidence_is_found(entry: Entry) -> Found:
    for number, one in enumerate(entry.evidence):
        if one.obtained == "linkage" and not one.fallback:
            yield f"evidence[{number}].fallback", NO_WAY, ""


def _words_are_enough(entry: Entry) -> Found:
    for language in LANGUAGES:
        if not 3 <= len(entry.words[language]) <= 8:
            yield f"words.{language}", WORDS, ""


def _easy_is_easy(entry: Entry) -> Found:
    for key, text_ in _easy_texts(entry.content, ""):
        if re.search(r"第?[0-9０-９一二三四五六七八九十百]+条", text_):
            yield key, CITED, ""


def _easy_texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{key}.{name}" if key else name
            if name == "ja-easy" and isinstance(inner, str):
                yield path, inner
            yield from _easy_texts(inner, path)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _easy_texts(inner, f"{key}[{number}]")


_CHECKS = (
    _asks_once, _pages_fit, _questions_fit, _kind_fits, _evidence_is_found, _words_are_enough, _easy_is_easy,
)  # fmt: skip


def faults_of(content: object, file: str = "") -> list[Fault]:
    """Everything that is wrong with one entry by itself; its shape first, the rest only then (1件の点検)."""
    faults = [Fault(file, key, sentence, value) for key, sentence, value in shape()(content, "")]
    if faults or not isinstance(content, dict):
        return faults
    entry = entry_of(content)
    faults = [Fault(file, *found) for check in _CHECKS for found in check(entry)]
    if file and file != f"{entry.id}.json":
        faults.append(Fault(file, "id", FILE_NAME, entry.id))
    return faults
