"""Becoming Japanese, and ceasing to be (帰化・国籍取得・国籍喪失; resident-record/1.0#4.5.3 to #4.5.5).

The person stays where they are, under the same addressee number; the kind of record changes. One act writes two rows:
the removed record of the old kind, and the new record. Both begin on one day, so the second is what holds.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, Kind, ResidentRecord
from municipal.residents.models.groups import FamilyRegister, Foreigner
from municipal.residents.notices import Notice, Said
from municipal.residents.rules.kinship import HEAD
from municipal.residents.rules.stays import whole_stay

from .moves import removed
from .newcomers import GONE
from .plan import Change, Plan, act
from .standing import members_of, newest_from, refuse_unless_next, residents
from .timing import Timing, timing

GROUNDS = frozenset({Basis.FAMILY_REGISTER, Basis.MUNICIPALITY, Basis.EX_OFFICIO})
TRANSITIONAL_LOSS = "transitional_nationality_loss"


def _empty(names: tuple[str, ...]) -> dict[str, Any]:
    fields = {one.attname: one for one in ResidentRecord._meta.fields}
    return {name: None if fields[name].null else fields[name].get_default() for name in names}


ALIAS = (
    "alias", "alias_kana", "is_alias_kana_confirmed", "alias_entered_on", "alias_entered_at", "alias_entered_at_code",
    "alias_deleted_on", "alias_deleted_at", "alias_deleted_at_code", "name_priority",
)  # fmt: skip
OF_FOREIGNERS = ("roman_name", "kanji_name", *ALIAS, *(one.attname for one in Foreigner._meta.fields))
OF_JAPANESE = (
    "family_name", "given_name", "family_kana", "given_kana", "former_family_name", "former_family_kana",
    "is_former_family_kana_confirmed", "became_resident_on", *(one.attname for one in FamilyRegister._meta.fields),
)  # fmt: skip
NEEDED = {
    Kind.JAPANESE: {
        "name": gettext_lazy("氏名"), "domicile": gettext_lazy("本籍"), "register_head": gettext_lazy("戸籍の筆頭者"),
    },
    Kind.FOREIGN: {"name": gettext_lazy("氏名"), "nationality": gettext_lazy("国籍・地域")},
}  # fmt: skip


@implements(
    "resident-record/1.0#4.5.3/m1", "resident-record/1.0#4.5.3/m2", "resident-record/1.0#4.5.3/m3",
    "resident-record/1.0#4.5.3/m4",
)  # fmt: skip
@act("naturalisation", "帰化")
def naturalisation(notice: Notice) -> Plan:
    """A foreign resident became Japanese by leave of the Minister of Justice (帰化).

    Address, birth date, sex, relationship, numbers, the day the address was set and the address before are carried
    over; the day of becoming a foreign resident is the day of becoming a resident.
    """
    return _to_japanese(notice)


@implements(
    "resident-record/1.0#4.5.4/m1", "resident-record/1.0#4.5.4/m2", "resident-record/1.0#4.5.4/m3",
    "resident-record/1.0#4.5.4/m4",
)  # fmt: skip
@act("nationality_acquired", "国籍取得")
def nationality_acquired(notice: Notice) -> Plan:
    """A foreign resident acquired Japanese nationality by a declaration; as for a naturalisation (国籍取得)."""
    return _to_japanese(notice)


def _to_japanese(notice: Notice) -> Plan:
    when, one, record = _asked(notice, Kind.FOREIGN)
    since = record.became_foreign_resident_on
    items = {**_empty(OF_FOREIGNERS), "became_resident_on": since, **one.items, "kind": Kind.JAPANESE.value}
    return _changed(when, record, items, "naturalisation")


@implements(
    "resident-record/1.0#4.5.5/m1", "resident-record/1.0#4.5.5/m2", "resident-record/1.0#4.5.5/m3",
    "resident-record/1.0#4.5.5/m4",
)  # fmt: skip
@act("nationality_lost", "国籍喪失")
def nationality_lost(notice: Notice) -> Plan:
    """A Japanese resident lost the nationality and is entered as a foreign resident (国籍喪失).

    The later of the day of the loss and the day of becoming a resident is the day of becoming a foreign resident.
    Without a residence status yet, the person is transitional for sixty days.
    """
    when, one, record = _asked(notice, Kind.JAPANESE)
    if one.items.get("registered_under_former_law_on"):
        raise Refused(
            "国籍喪失では、旧外登法による登録年月日は記載できません。", field="registered_under_former_law_on",
            code="not_under_former_law",
        )  # fmt: skip
    stay = {"article30_45_class": TRANSITIONAL_LOSS, **one.items}
    whole_stay(stay)
    items = {
        **_empty(OF_JAPANESE), **_empty(ALIAS), **stay,
        "became_foreign_resident_on": later(when.event_on, record.became_resident_on), "kind": Kind.FOREIGN.value,
    }  # fmt: skip
    return _changed(when, record, items, "loss_of_nationality")


@implements("resident-record/1.0#4.5.5/m3")
def later(lost_on: RegisterDate, became_resident_on: RegisterDate) -> RegisterDate:
    """The later of two days, by the last day that each can mean (遅い方の年月日)."""
    return max(lost_on, became_resident_on, key=RegisterDate.latest)


def _asked(notice: Notice, kind: Kind) -> tuple[Timing, Said, ResidentRecord]:
    """When, what is said, of whom: one resident of the kind that ends."""
    if notice.basis not in GROUNDS:
        raise Refused(
            "戸籍の届出・通知又は職権に基づく異動です。異動の根拠を選び直してください。",
            field="basis",
            code="wrong_basis",
        )
    if len(notice.people) != 1:
        raise Refused("国籍の異動は一人ずつ入力してください。", field="people", code="one_person")
    when, (record,) = timing(notice), residents(notice.people)
    if record.kind != kind:
        raise Refused(
            "この方の住民種別では、この異動は入力できません。対象者を確かめてください。",
            field="people",
            code="wrong_kind",
        )
    refuse_unless_next([record], when.valid_from)
    _refuse_unless_whole(notice.people[0].items, Kind.JAPANESE if kind == Kind.FOREIGN else Kind.FOREIGN)
    return when, notice.people[0], record


def _refuse_unless_whole(items: Mapping[str, Any], kind: Kind) -> None:
    for name, label in NEEDED[kind].items():
        if not items.get(name):
            raise Refused("%(label)sを入力してください。", field=name, code="missing", label=label)
    if {"kind", "status", "household_id", "relationship"} & items.keys():
        raise Refused("国籍の異動では、世帯と続柄は変わりません。", field="people", code="others")


def _changed(when: Timing, record: ResidentRecord, items: dict[str, Any], why: str) -> Plan:
    """The removed record of the old kind, and the new one; the members follow a new name of the head."""
    plan, name = Plan(), str(items["name"])
    gone, come = f"deletion_by_{why}", f"entry_by_{why}"
    ended = {**when.row(gone), **removed(gone, when.told_on, when.event_on), "status": LifeState.REMOVED.value}
    begun = {
        **GONE, **_announced(record), **when.row(come), "entry_reason": come, "entry_event_on": when.event_on, **items,
    }  # fmt: skip
    if record.relationship == HEAD:
        begun["head_name"] = name
        plan.changes += _members_follow(record, name, when)
    plan.changes += [Change(record, row, record.household, when.valid_from) for row in (ended, begun)]
    plan.touch(record.household)
    return plan


def _members_follow(head: ResidentRecord, name: str, when: Timing) -> list[Change]:
    rest = [one for one in members_of(head.household) if one != head and one.head_name != name]
    said = {**when.row("correction_ex_officio"), "head_name": name}
    return [Change(one, said, one.household, max(when.valid_from, newest_from(one))) for one in rest]


def _announced(record: ResidentRecord) -> dict[str, Any]:
    """A move-out that was announced before still stands: only what is said of a removed record goes."""
    kept = (name for name in GONE if name.startswith(("move_out_", "planned_")))
    return {name: getattr(record, name) for name in kept}
