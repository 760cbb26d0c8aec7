"""People as the screens show them: strings already written, badges, reasons for what is not shown (住民の表示)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from municipal.addressees.models import LifeState
from municipal.addressees.outputs import Purpose, address_for, names_of_group
from municipal.addressees.outputs import written as address_written
from municipal.core import clock
from municipal.core.ages import age_on
from municipal.core.eras import wareki
from municipal.identity.access import StaffRequest
from municipal.residents import investigations
from municipal.residents.acts.plan import OF_THE_EVENT
from municipal.residents.inquiry import Person
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import HIDDEN, WITHHELD, changed_fields, items, labels, written
from municipal.residents.stored import viewed

from . import protection

BADGES = {LifeState.MOVED_OUT: "moved_out", LifeState.DEAD: "dead", LifeState.REMOVED: "removed"}

GROUPS: dict[str, tuple[str, ...]] = {
    "氏名": (
        "name", "name_kana", "roman_name", "kanji_name", "alias", "alias_kana", "alias_entered_on",
        "former_family_name", "former_family_kana", "name_priority",
    ),
    "本人": ("kind", "status", "sex", "born_on", "resident_code"),
    "世帯": ("relationship", "head_name", "member_order"),
    "住所": ("address", "became_resident_on", "address_set_on"),
    "転入前・転居前": ("address_before", "head_before", "address_within_before"),
    "転出・消除": (
        "move_out_notified_on", "move_out_planned_on", "planned_destination", "move_out_confirmed_on",
        "confirmed_destination", "arrival_notice_on", "removal_reason", "removed_on",
    ),
    "戸籍": ("domicile", "register_head"),
    "外国人住民": (
        "nationality", "article30_45_class", "residence_status", "stay_expires_on", "residence_card_number",
        "became_foreign_resident_on", "landing_period", "provisional_stay_period",
    ),
    "資格": (
        "is_voter", "has_national_health_insurance", "national_health_insurance_from", "has_late_elderly_insurance",
        "late_elderly_insurance_from", "has_care_insurance", "care_insurance_from", "has_pension", "pension_from",
        "pension_class", "child_allowance_class", "is_under_guardianship",
    ),
    "異動": ("reason", "event_on", "notified_on", "processed_on", "entry_reason", "entry_event_on", "remarks"),
}  # fmt: skip
ALWAYS = {"name", "name_kana", "kind", "status", "sex", "born_on", "relationship", "reason", "event_on", "processed_on"}
ADDRESSES = {
    "address": "住所", "address_before": "転入前住所", "address_within_before": "転居前住所",
    "planned_destination": "転出先住所（予定）", "confirmed_destination": "転出先住所（確定）",
}  # fmt: skip
IN_NAME_FONT = {"name", "kanji_name", "alias", "head_name", "register_head", "domicile"}
DISCLOSED = sorted(
    {field for fields in GROUPS.values() for field in fields if field not in ADDRESSES}
    | {name for prefix in ADDRESSES for name in names_of_group(prefix) if name in labels()}
)


def reason(why: str) -> str:
    """Why an item is not shown, in words; empty where it is."""
    return {WITHHELD: gettext("支援措置"), HIDDEN: gettext("表示の権限なし")}.get(why, "")


def moment(value: datetime) -> str:
    """A moment in Japanese time: 令和8年11月23日 10:05 (日時)."""
    local = value.astimezone(clock.TOKYO)
    return f"{wareki(local.date())} {local:%H:%M}"


def badges(status: str, *, is_protected: bool, is_suppressed: bool = False) -> list[str]:
    """The states nobody may miss (状態の印)."""
    state = BADGES.get(LifeState(status))
    marks = (["protected"] if is_protected else []) + (["suppressed"] if is_suppressed else [])
    return [*([state] if state else []), *marks]


def row(found: Mapping[str, Any], *, is_former_name: bool = False) -> dict[str, Any]:
    """One person of a list, from a row of ``inquiry.LIST_FIELDS``."""
    kind = found["kind"]
    address = address_for(Purpose.SCREEN, found, "address", is_protected=found["is_protected"])
    return {
        "number": found["addressee__number"],
        "household_number": found["household__number"],
        "name": found["name"],
        "kana": found["name_kana"] + (gettext("（前の氏名で一致）") if is_former_name else ""),
        "born_on": written("born_on", found["born_on"], kind=kind),
        "sex": written("sex", found["sex"], kind=kind),
        "relationship": found["relationship"],
        "address": address.text,
        "address_hidden": reason(WITHHELD) if address.is_withheld else "",
        "badges": badges(found["status"], is_protected=found["is_protected"], is_suppressed=found["is_suppressed"]),
    }


def found(request: HttpRequest, number: str) -> Person:
    """The resident of this town whose page is opened (本人).

    Raises Http404 for everybody else, Refused where the page may not be seen: see ``stored.viewed``.
    """
    person = viewed(number, cast(StaffRequest, request).permissions)
    if person is None:
        raise Http404
    return person


def head(person: Person, record: ResidentRecord) -> dict[str, Any]:
    """The head of a page on one person; the state is always that of today, whatever time the page shows."""
    latest = person.record
    age = age_on(record.born_on, clock.today()) if latest.status == LifeState.RESIDENT else None
    return {
        "number": person.addressee.number,
        "household_number": record.household.number,
        "name": record.name,
        "kana": record.name_kana,
        "born_on": written("born_on", record.born_on, kind=record.kind),
        "age": gettext("%(age)d歳") % {"age": age} if age is not None else "",
        "sex": written("sex", record.sex, kind=record.kind),
        "badges": [*badges(latest.status, is_protected=person.is_protected), *protection.marks(person)],
        "notices": _notices(person),
    }


def _notices(person: Person) -> list[dict[str, Any]]:
    said = protection.notices(person)
    if person.record.status != LifeState.RESIDENT:
        said.append({"kind": badges(person.record.status, is_protected=False)[0], "text": ""})
    elif person.record.move_out_planned_on:
        day = wareki(person.record.move_out_planned_on)
        said.append({"kind": "leaving", "text": gettext("%(day)s に転出の予定です。") % {"day": day}})
    if investigations.is_residence_doubted(person.addressee.pk):
        said.append({"kind": "investigated", "text": gettext("この方が住んでいるかどうか、実態を調査中です。")})
    return said


def groups(
    record: ResidentRecord, *, permissions: Collection[str], withheld: Collection[str], doubted: Collection[str] = ()
) -> list[dict[str, Any]]:  # fmt: skip
    """The record's items in groups; an empty item stands there only if it may never be empty.

    ``doubted``: items of which it is being looked into whether they are true.
    """
    found = []
    for title, fields in GROUPS.items():
        kept = [
            _address(record, field, withheld=withheld)
            if field in ADDRESSES
            else _item(record, field, permissions=permissions, withheld=withheld)
            for field in fields
        ]
        marked = zip(fields, kept, strict=True)
        if shown := [item | {"is_doubted": field in doubted} for field, item in marked if item]:
            found.append({"title": gettext(title), "items": shown})
    return found


def _address(record: ResidentRecord, prefix: str, *, withheld: Collection[str]) -> dict[str, Any] | None:
    """An address in one line, with its postal code; None where the record has none."""
    parts = vars(record)
    if not (held := address_written(parts, prefix)):
        return None
    address = address_for(Purpose.SCREEN, parts, prefix, is_protected=f"{prefix}_lot" in withheld)
    postal = f"〒{address.postal_code} " if address.postal_code else ""
    text = f"{postal}{address.text}" if held and not address.is_withheld else ""
    why = reason(WITHHELD) if address.is_withheld else ""
    return {"label": gettext(ADDRESSES[prefix]), "value": text, "hidden": why, "is_name": False}


def _item(
    record: ResidentRecord, field: str, *, permissions: Collection[str], withheld: Collection[str]
) -> dict[str, Any] | None:
    (item,) = items(record, [field], permissions=permissions, withheld=withheld)
    is_filled = getattr(record, field) not in ("", None)
    if not (item.text or field in ALWAYS or (item.why_empty and is_filled)):
        return None
    why = reason(item.why_empty)
    return {"label": item.label, "value": item.text, "hidden": why, "is_name": field in IN_NAME_FONT}


def changes(
    before: ResidentRecord | None, after: ResidentRecord, *, permissions: Collection[str], withheld: Collection[str]
) -> list[dict[str, str]]:
    """What one row of a history changed, old and new; nothing for the first row."""
    if before is None:
        return []
    fields = [name for name in changed_fields(before, after) if name not in {*OF_THE_EVENT, "processed_on"}]
    olds = items(before, fields, permissions=permissions, withheld=withheld)
    news = items(after, fields, permissions=permissions, withheld=withheld)
    return [
        {"label": new.label, "before": old.text, "after": new.text, "hidden": reason(new.why_empty)}
        for old, new in zip(olds, news, strict=True)
    ]
