"""What is read in Python of the table's constraints is what the database says (空欄の規則の試験)."""

from itertools import product
from typing import Any

import pytest
from django.db.models import CheckConstraint, Q, Value

from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.operations.recording import refuse_unfilled

pytestmark = pytest.mark.django_db
FILLED: dict[str, Any] = {
    "serial": 1, "born_on": RegisterDate(1985, 4, 1), "domicile": "見本県", "register_head": "甲野　太郎",
    "became_resident_on": RegisterDate(2026, 5, 1), "address_city": "架空市", "address_block": "松町",
    "resident_code": "99900000002", "became_foreign_resident_on": RegisterDate(2026, 5, 1),
    "article30_45_class": "mid_long_term", "residence_card_number": "AB12345678CD", "landing_period": "90日",
    "provisional_stay_period": "6月",
}  # fmt: skip
CLASSES = ("", "mid_long_term", "special_permanent", "temporary_refuge", "provisional_stay", "birth")
CHECKS = [one for one in ResidentRecord._meta.constraints if isinstance(one, CheckConstraint)]


def objects_here(row: ResidentRecord) -> str:
    """The constraint that objects, read in Python; the empty string for none."""
    try:
        refuse_unfilled(row)
    except Refused as refused:
        return refused.code
    return ""


def objects_there(row: ResidentRecord) -> list[str]:
    """Every constraint that objects, asked of PostgreSQL."""
    said = {
        field.name: Value(field.get_prep_value(getattr(row, field.attname)), field)
        for field in ResidentRecord._meta.fields
    }
    return [one.name for one in CHECKS if not Q(one.condition).check(said)]


def test_a_filled_row_meets_every_constraint(town: int) -> None:
    assert objects_here(ResidentRecord(kind="1", status="1", **FILLED)) == ""


@pytest.mark.walk
@pytest.mark.clause("resident-record/1.0#1.1.6/m1", "resident-record/1.0#1.1.6/m2")
@pytest.mark.parametrize("empty", [name for name in FILLED if name != "serial"])
def test_each_empty_item_is_refused_here_exactly_where_the_table_refuses_it(town: int, empty: str) -> None:
    for kind, status, stay in product("12", "13", CLASSES):
        row = ResidentRecord(**FILLED | {"kind": kind, "status": status, "article30_45_class": stay, empty: ""})
        there = objects_there(row)
        assert objects_here(row) in (there or [""]), (kind, status, stay, empty)
        assert bool(objects_here(row)) == bool(there)
