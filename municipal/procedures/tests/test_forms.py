"""The schema accepts the answers that fit and no others (申請フォームのスキーマの試験)."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from municipal.procedures.catalogue import by_id, entry_of, shipped
from municipal.procedures.forms import schema_of
from municipal.procedures.rules.layout import TYPES

from .sample import choice, field, sample

INNER = {key: value for key, value in field("inner", "text").items() if key not in ("fields", "page")}
ACCOUNT = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "コウノ　ハナコ"}
GOOD: dict[str, Any] = {
    "date": "2026-11-23", "text": "x", "choice": "a", "choices": ["a"], "yes_no": True, "number": 3,
    "person": {"name": "甲野　花子"}, "people": ["p1", "p2"], "address": "青葉一丁目2-3",
    "account": ACCOUNT, "file": ["f1"], "group": [{"inner": "x"}],
}  # fmt: skip
BAD: dict[str, list[Any]] = {
    "date": ["23", 20261123, None], "text": ["", 3, "x" * 2001], "choice": ["c", ["a"], None],
    "choices": ["a", [], ["c"], ["a", "a"]], "yes_no": ["yes", 1], "number": [-1, 1.5, "3"],
    "person": ["甲野", {}, {"name": "x", "my_number": "1"}], "people": [[], ["a", "a"], ["../x"], "p1"],
    "address": ["", "x" * 301], "account": [{}, {"registered": False}, {"bank": "1"}],
    "file": [[], ["f1", "f2", "f3"], ["../etc"]], "group": [[], [{}], [{"inner": "x", "more": 1}], {}],
}  # fmt: skip


def asked(*fields: dict[str, Any]) -> Draft202012Validator:
    schema = schema_of(entry_of(sample(asks=list(fields))))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def of_type(type_: str) -> dict[str, Any]:
    if type_ in ("choice", "choices"):
        return choice("x", "a", "b", type=type_)
    if type_ == "group":
        return field("x", type_, fields=[INNER])
    return field("x", type_, most=2 if type_ == "file" else None)


@pytest.mark.parametrize("type_", TYPES)
def test_an_answer_that_fits_is_taken(type_: str) -> None:
    assert list(asked(of_type(type_)).iter_errors({"x": GOOD[type_]})) == []


@pytest.mark.parametrize(("type_", "value"), [(name, one) for name, values in BAD.items() for one in values])
def test_an_answer_that_does_not_fit_is_refused(type_: str, value: Any) -> None:
    assert not asked(of_type(type_)).is_valid({"x": value})


@pytest.mark.parametrize(
    ("type_", "one", "two"),
    [("people", ["p1"], ["p1", "p2"]), ("choices", ["a"], ["a", "b"]),
     ("group", [{"inner": "x"}], [{"inner": "x"}, {"inner": "y"}])],
)  # fmt: skip
def test_at_most_one_means_one(type_: str, one: Any, two: Any) -> None:
    form = asked(of_type(type_) | {"most": 1})
    assert form.is_valid({"x": one})
    assert not form.is_valid({"x": two})
    assert asked(of_type(type_) | {"most": None}).is_valid({"x": two})


@pytest.mark.parametrize(
    ("does", "is_taken"),
    [("entitlement", True), ("letter", True), ("register:direct_debit", False), ("charge", False), ("none", False)],
)
def test_the_account_registered_for_benefits_is_named_for_benefits_only(does: str, is_taken: bool) -> None:
    """Act on the Registration of Deposit Accounts for Payment of Public Benefits, article 3 (unverified)."""
    entry = entry_of(sample(asks=[of_type("account")], decision={"does": does, "people": 1}))
    form = Draft202012Validator(schema_of(entry))
    assert form.is_valid({"x": {"registered": True}}) is is_taken
    assert form.is_valid({"x": ACCOUNT})


def test_direct_debit_draws_from_no_account_registered_for_benefits() -> None:
    entry = by_id(shipped())["direct-debit"]
    assert [one.is_for_benefits for one in entry.asks if one.type == "account"] == [False]


def test_what_must_be_answered_and_what_was_never_asked() -> None:
    form = asked(field("x", "text"), field("y", "text", is_required=False))
    assert form.is_valid({"x": "a"})
    assert not form.is_valid({"y": "a"})
    assert not form.is_valid({"x": "a", "z": "a"})


@pytest.mark.parametrize(
    ("first", "yes", "no"),
    [(choice("x", "a", "b"), "a", "b"), (choice("x", "a", "b", type="choices"), ["b", "a"], ["b"]),
     (field("x", "yes_no"), True, False)],
)  # fmt: skip
def test_a_question_under_a_condition_is_answered_exactly_then(first: dict[str, Any], yes: Any, no: Any) -> None:
    when = {"field": "x", "is": ["yes" if first["type"] == "yes_no" else "a"]}
    form = asked(first, field("y", "text", **{"if": when}))
    assert form.is_valid({"x": yes, "y": "a"})
    assert not form.is_valid({"x": yes})
    assert form.is_valid({"x": no})
    assert not form.is_valid({"x": no, "y": "a"})


def test_every_shipped_form_is_a_schema_that_says_which_version_it_is() -> None:
    for entry in shipped():
        schema = schema_of(entry)
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:kijun:procedure:{entry.id}:{entry.version}"
        assert set(schema["properties"]) == {one.name for one in entry.asks}
