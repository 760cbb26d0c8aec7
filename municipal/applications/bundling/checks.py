"""When an event is sound: its shape, its references, and that no answer means two things (ライフイベントの点検)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.procedures.catalogue import Content, Entry, Field, by_id, table
from municipal.procedures.rules import circle_of, parsed
from municipal.procedures.rules.layout import OPTION
from municipal.procedures.shapes import (
    Fault,
    Found,
    Shape,
    identifier,
    in_all_languages,
    many,
    maybe_text,
    nullable,
    one_of,
    record,
    text,
    whole,
)

from .events import NO, UNKNOWN, YES, LifeEvent, Rule, When, event_of

TYPES = ("choice", "yes_no", "date", "member", "members")
VARIABLES = {"$phone", "$babies", "$baby"}

NO_QUESTION = _("条件の「%(value)s」は、前で聞いている質問にしてください。")
NO_ANSWER = _("条件の値「%(value)s」は、その質問の答えにありません。")
NO_PROCEDURE = _("手続「%(value)s」はカタログにありません。")
TWICE = _("「%(value)s」が2回あります。")
NO_FIELD = _("「%(value)s」は、その手続で聞く項目ではありません。")
NOT_A_DATE = _("「%(value)s」は、日付の質問ではありません。")
TWO_MEANINGS = _("「%(value)s」は、手続によって形の違う質問です。どちらかの名前を変えてください。")
UNUSED = _("質問「%(value)s」の答えは、どこにも使われていません。")
CIRCLE = _("先に終える手続がひと回りしています（%(value)s）。")
OPTIONS = _("選択肢は choice のときだけ、2つ以上入れてください。")
FILE_NAME = _("ファイル名は「%(value)s.json」にしてください。")

WHEN = many(record({"question": identifier, "is": many(text)}))


def _setting(value: object, key: str) -> Found:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from identifier(inner, f"{key}.{name}")
    else:
        yield from text(value, key)


def _settings(value: object, key: str) -> Found:
    if not isinstance(value, dict):
        yield from record({})(value, key)
        return
    for name, inner in value.items():
        yield from _setting(inner, f"{key}.{name}")


@cache
def shape() -> Shape:
    """The shape of an event, keys in their order (ライフイベントの形)."""
    question = record({
        "id": identifier, "type": one_of(*TYPES), "label": in_all_languages, "short": in_all_languages,
        "help": nullable(in_all_languages), "options": nullable(many(OPTION)), "when": WHEN,
        "days_ahead": nullable(whole),
    })  # fmt: skip
    rule = record({
        "procedure": identifier, "when": WHEN, "since": maybe_text, "sets": _settings, "each": maybe_text,
        "own": many(identifier), "who": maybe_text,
    })  # fmt: skip
    return record(
        {
            "event": one_of(*(row["event"] for row in table("events"))), "version": whole, "title": in_all_languages,
            "summary": in_all_languages, "scope": maybe_text, "questions": many(question), "rules": many(rule),
        },
        is_ordered=True,
    )  # fmt: skip


def read(files: Mapping[str, bytes], catalogue: Sequence[Entry]) -> tuple[dict[str, LifeEvent], list[Fault]]:
    """Every event of these files by id, and what is wrong with them; a faulty one is left out (読取り)."""
    events: dict[str, LifeEvent] = {}
    faults: list[Fault] = []
    for name, data in files.items():
        content, found = parsed(data, name)
        found = found or faults_of(content, catalogue, name)
        faults += found
        if not found and isinstance(content, dict):
            events[content["event"]] = event_of(content)
    return events, faults


def faults_of(content: object, catalogue: Sequence[Entry], file: str = "") -> list[Fault]:
    """Everything that is wrong with one event; its shape first, the rest only then (1件の点検)."""
    faults = [Fault(file, key, sentence, value) for key, sentence, value in shape()(content, "")]
    if faults or not isinstance(content, dict):
        return faults
    event, known = event_of(content), by_id(catalogue)
    found = [*_questions_fit(event, content), *_rules_fit(event, known), *_answers_are_used(event, known)]
    faults = [Fault(file, *one) for one in found]
    if not faults:
        faults = [Fault(file, *one) for one in (*_one_meaning(event, known), *_ends(event, known))]
    if file and file != f"{event.id}.json":
        faults.append(Fault(file, "event", FILE_NAME, event.id))
    return faults


def _answers_of(event: LifeEvent) -> dict[str, set[str]]:
    yes_no = {YES, NO, UNKNOWN}
    return {one.id: {o.value for o in one.options} if one.options else yes_no for one in event.questions}


def _questions_fit(event: LifeEvent, content: Content) -> Iterator[tuple[str, str, str]]:
    seen, answers = set[str](), _answers_of(event)
    for number, one in enumerate(event.questions):
        if one.id in seen:
            yield f"questions[{number}].id", TWICE, one.id
        if (one.type == "choice") != (len(one.options) >= 2):
            yield f"questions[{number}].options", OPTIONS, ""
        yield from _conditions_fit(one.when, seen, answers, f"questions[{number}].when")
        seen.add(one.id)
    if content["scope"] and content["scope"] not in seen:
        yield "scope", NO_QUESTION, content["scope"]


def _conditions_fit(
    whens: Iterable[When], seen: Iterable[str], answers: Mapping[str, set[str]], key: str
) -> Iterator[tuple[str, str, str]]:
    """Only what was asked before may be a condition: so no question can wait for itself."""
    for when in whens:
        if when.question not in seen:
            yield key, NO_QUESTION, when.question
        else:
            yield from ((key, NO_ANSWER, one) for one in when.answers if one not in answers[when.question])


def _rules_fit(event: LifeEvent, known: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    questions, answers, seen = {one.id: one for one in event.questions}, _answers_of(event), set[str]()
    for number, rule in enumerate(event.rules):
        key = f"rules[{number}]"
        if rule.procedure in seen:
            yield f"{key}.procedure", TWICE, rule.procedure
        seen.add(rule.procedure)
        yield from _conditions_fit(rule.when, questions, answers, f"{key}.when")
        for name in filter(None, (rule.each, rule.who)):
            if name not in questions:
                yield key, NO_QUESTION, name
        if rule.since and (rule.since not in questions or questions[rule.since].type != "date"):
            yield f"{key}.since", NOT_A_DATE, rule.since
        if rule.procedure not in known:
            yield f"{key}.procedure", NO_PROCEDURE, rule.procedure
        else:
            yield from _sets_fit(rule, known[rule.procedure], questions, known, key)


def _sets_fit(
    rule: Rule, entry: Entry, questions: Mapping[str, Any], known: Mapping[str, Entry], key: str
) -> Iterator[tuple[str, str, str]]:
    fields = {field.name: field for field in entry.asks}
    yield from ((f"{key}.own", NO_FIELD, name) for name in sorted(rule.own) if name not in fields)
    for path, value in rule.sets.items():
        field = _field_at(fields, path)
        if field is None:
            yield f"{key}.sets", NO_FIELD, path
            continue
        options = {one.value for one in field.options}
        if isinstance(value, dict):
            yield from ((f"{key}.sets", NO_ANSWER, one) for one in value if one not in options)
            yield from ((f"{key}.sets", NO_PROCEDURE, one) for one in value.values() if one not in known)
        elif value.startswith("$"):
            if value not in VARIABLES and value[1:] not in questions:
                yield f"{key}.sets", NO_QUESTION, value
        elif options and value not in options:
            yield f"{key}.sets", NO_ANSWER, value


def _field_at(fields: Mapping[str, Field], path: str) -> Field | None:
    name, _dot, inner = path.partition(".")
    field = fields.get(name)
    if field is None or not inner:
        return field
    return next((one for one in field.fields if one.name == inner), None)


def _answers_are_used(event: LifeEvent, known: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """A question whose answer changes nothing is not asked of anybody."""
    asked = [one.when for one in event.questions] + [one.when for one in event.rules]
    used = {when.question for whens in asked for when in whens} | {event.scope}
    for rule in event.rules:
        used |= {rule.since, rule.each, rule.who}
        used |= {value[1:] for value in rule.sets.values() if isinstance(value, str) and value.startswith("$")}
        entry = known.get(rule.procedure)
        used |= {one["if"] for one in entry.content["follows"] if one["is_ex_officio"]} if entry else set()
    yield from ((f"questions[{at}]", UNUSED, one.id) for at, one in enumerate(event.questions) if one.id not in used)


def meaning_of(field: Field) -> tuple[Any, ...]:
    """What two questions of one name must share to be one question (質問の意味)."""
    inner = tuple((one.name, meaning_of(one)) for one in field.fields)
    return field.type, tuple(one.value for one in field.options), field.most, inner


def _one_meaning(event: LifeEvent, known: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    seen: dict[str, tuple[Any, ...]] = {}
    for entry in (known[rule.procedure] for rule in event.rules):
        for field in entry.asks if entry.is_online else ():
            if seen.setdefault(field.name, meaning_of(field)) != meaning_of(field):
                yield "rules", TWO_MEANINGS, field.name


def _ends(event: LifeEvent, known: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    circle = circle_of({rule.procedure: known[rule.procedure].after for rule in event.rules})
    if circle:
        yield "rules", CIRCLE, " → ".join(circle)
