"""What there is to be allowed, and until when (権限の規則の試験)."""

from datetime import date, datetime, timedelta

import pytest

from municipal.core.clauses import CLAUSE
from municipal.core.clock import TOKYO
from municipal.identity.models import Grant, Staff
from municipal.identity.permissions import BEYOND, ITEMS, PERMISSIONS
from municipal.identity.rules import fiscal_year_end, is_idle, is_one_line, may_be_seen


@pytest.mark.clause("resident-record/1.0#10.4/m1")
def test_exactly_the_four_items_of_the_standard_can_be_hidden() -> None:
    assert {code for code, permission in PERMISSIONS.items() if permission.group == ITEMS} == {
        "item.family_register", "item.individual_number", "item.resident_code", "item.residence_status",
    }  # fmt: skip


@pytest.mark.clause("resident-record/1.0#10.4/n1")
def test_the_relationship_to_the_householder_cannot_be_hidden_by_a_permission() -> None:
    words = " ".join(f"{p.code} {p.name} {p.name_en} {p.explanation}" for p in PERMISSIONS.values())
    assert "relationship" not in words.lower()
    assert "続柄" not in words


@pytest.mark.clause("resident-record/1.0#10.3/n1")
@pytest.mark.parametrize("model", [Staff, Grant])
def test_no_rank_is_stored_by_which_permissions_could_be_given(model: type[Staff] | type[Grant]) -> None:
    names = {field.name for field in model._meta.get_fields()}
    assert not names & {"rank", "title", "position", "grade", "role", "groups", "is_superuser", "is_staff"}


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda permission: permission.code)
def test_every_permission_names_its_clause_or_says_that_it_has_none(permission: object) -> None:
    clause = permission.clause  # type: ignore[attr-defined]
    assert clause == BEYOND or CLAUSE.match(clause)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
        (date(2027, 1, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2028, 3, 31)),
    ],
)
def test_the_fiscal_year_ends_on_the_last_day_of_march(day: date, end: date) -> None:
    assert fiscal_year_end(day) == end


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("新人　七葉", True),
        ("葛\U000e0100城", True),
        ("\U000f0001", True),
        ("\U00030000", True),
        ("a\nb", False),
        ("a\0b", False),
        ("\u202eabc", False),
        ("\u200f", False),
        ("\ud800", False),
        ("a\u2028b", False),
    ],
)
def test_one_line_keeps_every_name_and_no_control_character(text: str, is_plain: bool) -> None:
    assert is_one_line(text) is is_plain


def test_a_session_is_idle_from_the_full_minute_on() -> None:
    seen = datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO)
    assert not is_idle(seen, seen + timedelta(minutes=9, seconds=59), 10)
    assert is_idle(seen, seen + timedelta(minutes=10), 10)


def test_an_item_is_shown_only_to_who_holds_its_permission() -> None:
    items = ["item.resident_code", "item.individual_number"]
    assert may_be_seen(items, ["item.resident_code", "residents.view"]) == {
        "item.resident_code": True,
        "item.individual_number": False,
    }
