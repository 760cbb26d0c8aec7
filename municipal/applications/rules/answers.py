"""Answers to the questions of an entry: which are asked, what is missing, how they read (回答の規則)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from municipal.core.eras import wareki
from municipal.procedures.catalogue import Entry, Field
from municipal.procedures.forms import schema_of

Answers = dict[str, Any]
People = dict[str, dict[str, str]]
YES_NO = {"yes": True, "no": False}
ACCOUNT_KINDS = {"ordinary": "普通", "current": "当座", "savings": "貯蓄"}


def is_asked(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked after these answers (質問の表示条件)."""
    if field.condition is None:
        return True
    given = answers.get(field.condition.field)
    wanted: list[Any] = [YES_NO.get(one, one) for one in field.condition.answers]
    if isinstance(given, list):
        return any(one in wanted for one in given)
    # True is 1 for Python: a number never answers a question of yes or no.
    return any(given == one and isinstance(given, bool) == isinstance(one, bool) for one in wanted)


def asked(fields: Sequence[Field], answers: Mapping[str, Any]) -> list[Field]:
    """The questions that are asked, in their order; an answer to one that is not asked counts for nothing (質問)."""
    known, found = dict[str, Any](), []
    for field in fields:
        if is_asked(field, known):
            found.append(field)
            if field.name in answers:
                known[field.name] = answers[field.name]
    return found


def pruned(fields: Sequence[Field], answers: Mapping[str, Any]) -> Answers:
    """Without answers to questions that are not asked, in rows of groups too (回答の整理)."""
    kept: Answers = {}
    for field in asked(fields, answers):
        if field.name in answers:
            value = answers[field.name]
            is_rows = field.type == "group" and isinstance(value, list)
            kept[field.name] = [pruned(field.fields, row) for row in value] if is_rows else value
    return kept


def faulty(entry: Entry, answers: Mapping[str, Any]) -> list[str]:
    """The questions whose answers are missing or of a wrong form, in the order of the entry (誤りの項目)."""
    checker = Draft202012Validator(schema_of(entry), format_checker=FormatChecker())
    wrong: set[str] = set()
    for error in checker.iter_errors(dict(answers)):
        if error.path:
            wrong.add(str(error.path[0]))
        elif error.validator == "required":
            wrong |= {name for name in error.validator_value if name not in answers}
        else:
            wrong |= set(answers) - {field.name for field in asked(entry.asks, answers)} or {""}
    known = [field.name for field in entry.asks]
    return [*(name for name in known if name in wrong), *sorted(wrong - set(known))]


def page_of(entry: Entry, name: str) -> str:
    """The page on which a question stands; the first for a name that is none (質問の頁)."""
    return next((field.page for field in entry.asks if field.name == name), entry.asks[0].page if entry.asks else "")


def pages(entry: Entry, answers: Mapping[str, Any]) -> list[str]:
    """The pages on which anything is asked after these answers, in order (表示する頁)."""
    used = {field.page for field in asked(entry.asks, answers)}
    return [page for page, _title in entry.pages if page in used]


def said(field: Field, value: Any, people: People, language: str) -> list[str]:
    """An answer in lines as it is read on the check page, at the desk and on paper (回答の表示)."""
    if value in (None, "", []):
        return []
    if field.type == "group":
        return [line for number, row in enumerate(value, 1) for line in _row(field, number, row, people, language)]
    if field.type == "person":
        return [_person(value)]
    if field.type == "people":
        return [_person(people.get(one, {})) for one in value]
    if field.type == "account":
        return _account(value)
    return _plain(field, value, language)


def _plain(field: Field, value: Any, language: str) -> list[str]:
    labels = {option.value: option.label.said(language) for option in field.options}
    if field.type == "date":
        return [wareki(date.fromisoformat(value))]
    if field.type == "yes_no":
        words = {"en": ("Yes", "No"), "ko": ("예", "아니요")}.get(language, ("はい", "いいえ"))
        return [words[0] if value else words[1]]
    if field.type == "number":
        return [f"{value:,}"]
    if field.type in ("choices", "file"):
        return [labels.get(one, str(one)) for one in value]
    return [labels.get(value, str(value))]


def _row(field: Field, number: int, row: Answers, people: People, language: str) -> list[str]:
    parts = [
        f"{inner.label.said(language)}: {'、'.join(lines)}"
        for inner in field.fields if (lines := said(inner, row.get(inner.name), people, language))
    ]  # fmt: skip
    return [f"{number}. {' / '.join(parts)}"]


def _person(one: Mapping[str, str]) -> str:
    born = wareki(date.fromisoformat(one["born_on"])) + "生" if one.get("born_on") else ""
    return "　".join(filter(None, (one.get("name", ""), one.get("kana", ""), born, one.get("relationship", ""))))


def _account(value: Mapping[str, Any]) -> list[str]:
    if value.get("registered"):
        return ["公金受取口座"]
    kind = ACCOUNT_KINDS.get(value["kind"], "")
    return [f"{value['bank']}-{value['branch']} {kind} {value['number']}", value["holder"]]
