"""What other laws attach to the resident's record, and what this municipality has granted (資格と受給の引用)."""

from collections.abc import Callable, Sequence
from typing import Any

from municipal.core.eras import wareki
from municipal.entitlements.kinds import kinds
from municipal.entitlements.models import Entitlement, State
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import written

from .items import Line, Value
from .subjects import Subject

INSURANCE = (
    ("国民健康保険", "has_national_health_insurance", "national_health_insurance_from"),
    ("後期高齢者医療", "has_late_elderly_insurance", "late_elderly_insurance_from"),
)
CARE = (("介護保険", "has_care_insurance", "care_insurance_from"),)
PENSION = (("国民年金", "has_pension", "pension_from"),)
Rows = Sequence[tuple[str, str, str]]


def _of(rows: Rows) -> Callable[[Subject], Value | None]:
    def asked(subject: Subject) -> Value | None:
        return None if subject.record is None else _value(subject, subject.record, rows)

    return asked


def _value(subject: Subject, record: ResidentRecord, rows: Rows) -> Value:
    data: dict[str, Any] = {}
    lines = []
    for label, has, since in rows:
        is_there, day = bool(getattr(record, has)), getattr(record, since)
        data[has] = is_there
        data[since] = day.isoformat() if is_there and day else ""
        begins = f"（{written(since, day, kind=record.kind)}から）" if is_there and day else ""
        lines.append(Line(f"{label}: {'有' if is_there else '無'}{begins}"))
    return Value(data, tuple(lines), (subject.about.pk,))


insurance, care = _of(INSURANCE), _of(CARE)


def everything(subject: Subject) -> Value | None:
    """Every qualification of the record, and the child allowance (各業務の資格)."""
    record = subject.record
    if record is None:
        return None
    found = _value(subject, record, (*INSURANCE, *CARE, *PENSION))
    child = record.child_allowance_class
    return Value(
        found.data | {"child_allowance_class": child},
        (*found.lines, Line(f"児童手当: {'有' if child else '無'}")), found.people,
    )  # fmt: skip


def granted(procedure: str) -> Callable[[Subject], Value | None]:
    """What the person is entitled to today by this procedure; never whom else it concerns (受給の記録)."""

    def asked(subject: Subject) -> Value | None:
        kind = kinds()[procedure].kind
        rows = Entitlement.objects.filter(
            person=subject.about, kind=kind, state=State.GRANTED, valid__contains=subject.today,
            recorded__endswith__isnull=True,
        ).order_by("number")  # fmt: skip
        found = [(one.name, one.starts_on) for one in rows]
        data = [{"name": name, "from": day.isoformat() if day else ""} for name, day in found]
        lines = tuple(Line(f"{name}（{wareki(day)}から）" if day else name) for name, day in found)
        return Value(data, lines, (subject.about.pk,)) if found else None

    return asked
