"""What the books say that somebody was told to pay, and how it stands (収納からの引用)."""

from collections.abc import Callable, Collection
from typing import Any

from municipal.core.eras import wareki_fiscal_year
from municipal.payments.balances import of_charges
from municipal.payments.fees import fees
from municipal.payments.models import ACCESSORIES, Assessment, Charge

from .items import Line, Value
from .subjects import Subject

HEALTH, CARE, LATE_ELDERLY, VEHICLE, NURSERY = "901", "902", "903", "904", "907"
"""Fees of ``standards/fees`` by what the catalogue asks of them."""


def ledger(*wanted: str) -> Callable[[Subject], Value | None]:
    """What was charged and paid, of some fees or of all (納付の記録)."""
    return lambda subject: _value(subject, _rows(subject, wanted))


def arrears(subject: Subject) -> Value | None:
    """What is overdue, without interest: that grows by the day and would look like a change (未納の額)."""
    return _value(subject, [row for row in _rows(subject, (), is_overdue_only=True) if row["outstanding"]])


def payer(subject: Subject) -> Value | None:
    """Which taxes and premiums the person is told to pay, and the numbers of the notices (納税義務者と通知書番号)."""
    rows = [{name: row[name] for name in ("fee", "levy_year", "reference")} for row in _rows(subject, ())]
    lines = tuple(Line(f"{_called(row)} 通知書番号 {row['reference']}") for row in rows)
    return Value(rows, lines, (subject.about.pk,)) if rows else None


def _rows(subject: Subject, wanted: Collection[str], *, is_overdue_only: bool = False) -> list[dict[str, Any]]:
    firsts = Assessment.objects.filter(payer=subject.about, revises=None).exclude(fee__in=ACCESSORIES)
    firsts = firsts.filter(fee__in=wanted) if wanted else firsts
    charges = list(Charge.objects.filter(assessment__in=firsts))
    standing = of_charges([one.pk for one in charges])
    rows = []
    for one in firsts.order_by("-levy_year", "fee", "reference"):
        own = [
            standing[charge.pk] for charge in charges
            if charge.assessment_id == one.pk and (not is_overdue_only or charge.due_on < subject.today)
        ]  # fmt: skip
        figures = {name: sum(getattr(each, name) for each in own) for name in ("charged", "applied", "outstanding")}
        rows.append({"fee": one.fee, "levy_year": one.levy_year, "reference": one.reference, **figures})
    return rows


def _called(row: dict[str, Any]) -> str:
    return f"{wareki_fiscal_year(row['levy_year'])} {fees()[row['fee']].name_ja}"


def _value(subject: Subject, rows: list[dict[str, Any]]) -> Value | None:
    if not rows:
        return None
    lines = tuple(
        Line(
            f"{_called(row)}: 課税・賦課 {row['charged']:,}円、納付 {row['applied']:,}円、未納 {row['outstanding']:,}円"
        )
        for row in rows
    )
    return Value(rows, lines, (subject.about.pk,))
