"""A case of support measures as the screens show it (支援措置の表示)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from municipal.addressees import measures
from municipal.addressees.models import MeasureStep, Protection
from municipal.addressees.outputs import Purpose, address_for
from municipal.addressees.rules import Due, due, extension_opens_on
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import labels, written

from . import people

OFFICES = ("hides_inspection", "hides_copies", "hides_copies_before", "hides_supplement", "hides_supplement_before")
LABELS = {field.name: str(field.verbose_name) for field in MeasureStep._meta.fields}
ADDRESSES = {
    "address": "住所", "address_before": "前住所", "address_within_before": "転居前住所",
    "planned_destination": "転出先住所（予定）", "confirmed_destination": "転出先住所（確定）",
}  # fmt: skip


def _day(value: Any) -> str:
    return wareki(value) if value else ""


def _alert(step: MeasureStep) -> str:
    """The words of a period that is about to end or has passed; nothing otherwise."""
    said = {Due.ENDING: gettext("1か月以内に終了"), Due.PASSED: gettext("期間終了・未処理")}
    return said.get(due(step.ends_on, clock.today()), "")


def _names(found: Iterable[Protection]) -> dict[int, dict[str, Any]]:
    """Name, number and badges of those covered, by addressee id."""
    rows = inquiry.rows([one.addressee_id for one in found])
    return {row["addressee_id"]: people.row(row) for row in rows}


def rows(steps: Iterable[MeasureStep]) -> tuple[list[dict[str, Any]], list[int]]:
    """Lines of the list, and the ids of everybody who is named (一覧の行)."""
    found = list(steps)
    covered = list(Protection.objects.filter(measure__in=[one.measure_id for one in found]).order_by("-is_own", "pk"))
    names = _names(covered)
    lines = []
    for one in found:
        own = [
            names[row.addressee_id] for row in covered if row.measure_id == one.measure_id and row.addressee_id in names
        ]
        lines.append(
            {
                "number": one.measure.number, "status": one.get_status_display(), "kind": one.get_kind_display(),
                "starts_on": _day(one.starts_on or one.provisional_from), "ends_on": _day(one.ends_on),
                "alert": _alert(one), "people": own,
            }
        )  # fmt: skip
    return lines, sorted(names)


def subjects(step: MeasureStep) -> list[int]:
    """Ids of everybody whom the case covers or covered (対象者)."""
    return list(step.measure.protections.values_list("addressee_id", flat=True))


def initial(form: str, step: MeasureStep) -> dict[str, Any]:
    """What a form of the case's page shows when it is opened (初期値).

    The correction shows what the case says, but for the contacts: they stand on the page of the details only.
    """
    today = clock.today()
    if form == "correct":
        names = ("kind", "applied_on", "consulting_body", "consulted_on", "first_municipality", "received_on", *OFFICES)
        return {name: getattr(step, name) for name in names}
    days = {"start": "starts_on", "end": "ended_on", "not_needed": "told_on", "forward": "forwarded_on"}
    return {days[form]: today} if form in days else {}


def whole(step: MeasureStep) -> dict[str, Any]:
    """The case without any address: state, period, whom it covers, forwardings, steps (支援措置の内容)."""
    covered = list(measures.covered_by(step.measure))
    names = _names(covered)
    opens_on = extension_opens_on(step.ends_on) if step.ends_on else None
    return {
        "case": {
            "number": step.measure.number, "status": step.get_status_display(), "state": step.status,
            "is_forwarded": bool(step.received_on), "alert": _alert(step),
            "may_extend": bool(opens_on and opens_on <= clock.today()), "opens_on": _day(opens_on),
        },
        "facts": _facts(step),
        "covered": [
            names.get(one.addressee_id, {"number": one.addressee.number, "name": one.addressee.name, "badges": []})
            | {"is_own": one.is_own, "relation": one.relation, "lifted_on": _day(one.lifted_on)}
            for one in covered
        ],
        "forwardings": [
            {"to": one.to, "on": _day(one.forwarded_on)} for one in step.measure.forwardings.order_by("pk")
        ],
        "steps": [_step(one) for one in step.measure.steps.order_by("-serial")],
    }  # fmt: skip


def _step(one: MeasureStep) -> dict[str, str]:
    period = f"{_day(one.starts_on)}〜{_day(one.ends_on)}" if one.starts_on else ""
    return {
        "step": one.get_step_display(), "status": one.get_status_display(), "period": period,
        "at": people.moment(one.recorded_at),
    }  # fmt: skip


@implements("resident-record/1.0#1.1.16/m2")
def _facts(step: MeasureStep) -> list[dict[str, str]]:
    """The items of the case that say nothing of where anybody is, with their labels (データベース上の項目)."""
    said = {
        "kind": step.get_kind_display(), "applied_on": _day(step.applied_on), "consulting_body": step.consulting_body,
        "consulted_on": _day(step.consulted_on), "provisional_from": _day(step.provisional_from),
        "starts_on": _day(step.starts_on), "ends_on": _day(step.ends_on), "ended_on": _day(step.ended_on),
        "end_reason": step.get_end_reason_display() if step.end_reason else "",
        "first_municipality": step.first_municipality, "received_on": _day(step.received_on),
        "told_not_needed_on": _day(step.told_not_needed_on),
    }  # fmt: skip
    facts = [{"label": _label(name), "value": value} for name, value in said.items() if value]
    offices = "、".join(_label(name) for name in OFFICES if getattr(step, name))
    return [*facts, {"label": gettext("支援を求められている事務"), "value": offices or gettext("なし")}]


def _label(name: str) -> str:
    return LABELS[name]


@implements("resident-record/1.0#1.1.16/m2", "resident-record/1.0#3.4/m2")
def details(step: MeasureStep) -> dict[str, Any]:
    """What only the page of the details shows: addresses, contacts, perpetrators (支援措置の詳細)."""
    contact = ("contact_phone", "contact_mobile", "contact_mail", "note")
    ids = subjects(step)
    records = inquiry.latest().filter(addressee__in=ids).select_related("addressee")
    known = step.measure.perpetrators.filter(recorded__endswith__isnull=True).select_related("addressee")
    return {
        "contacts": [{"label": _label(name), "value": getattr(step, name)} for name in contact if getattr(step, name)],
        "people": [_person(one) for one in sorted(records, key=lambda one: ids.index(one.addressee_id))],
        "perpetrators": [
            {
                "id": one.pk, "name": one.name, "number": one.addressee.number if one.addressee else "",
                "born_on": written("born_on", one.born_on, kind="1"), "sex": one.get_sex_display() if one.sex else "",
                "address": one.address, "other": one.other,
            }
            for one in known.order_by("pk")
        ],
    }  # fmt: skip


def _person(record: ResidentRecord) -> dict[str, Any]:
    """The items of an applicant or a joined person, from the register; an empty one is left out."""
    names = ("name", "name_kana", "alias", "alias_kana", "born_on", "sex", "domicile", "remarks")
    values = {name: written(name, getattr(record, name), kind=record.kind) for name in names}
    said = [{"label": labels()[name], "value": value} for name, value in values.items()]
    for group, label in ADDRESSES.items():
        address = address_for(Purpose.CASE, vars(record), group, is_protected=True)
        said.append({"label": gettext(label), "value": address.text})
    return {"number": record.addressee.number, "name": record.name, "items": [one for one in said if one["value"]]}
