"""Former surname and alias, each with its history (旧氏・通称; resident-record/1.0#1.1.7, #1.1.2)."""

from collections.abc import Mapping
from typing import Any

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.models import Basis, Kind, ResidentRecord
from municipal.residents.notices import Notice

from .plan import Change, Plan, act
from .standing import refuse_unless_next, residents
from .timing import Timing, timing

FORMER = frozenset({"former_family_name", "former_family_kana", "is_former_family_kana_confirmed"})
ALIAS = frozenset({"alias", "alias_kana", "is_alias_kana_confirmed"})


@implements("resident-record/1.0#1.1.7/m1")
@act("former_surname_entry", "旧氏の記載")
def former_surname_entry(notice: Notice) -> Plan:
    """A former surname stands beside the name from now on (旧氏の記載). Raises Refused where one stands already."""
    when, record, items = _asked(notice, Kind.JAPANESE, Basis.REQUEST, FORMER)
    if record.former_family_name:
        raise Refused("旧氏はすでに記載されています。変えるときは「旧氏の変更」です。", field="people", code="has_one")
    _refuse_unless_said(items, "former_family_name")
    return _row(when, record, "former_surname_entry", items)


@implements("resident-record/1.0#1.1.7/m1")
@act("former_surname_change", "旧氏の変更")
def former_surname_change(notice: Notice) -> Plan:
    """Another former surname takes the place of the one that stands (旧氏の変更)."""
    when, record, items = _asked(notice, Kind.JAPANESE, Basis.REQUEST, FORMER)
    _refuse_unless_there(record.former_family_name)
    _refuse_unless_said(items, "former_family_name")
    if items["former_family_name"] == record.former_family_name:
        raise Refused("同じ旧氏がすでに記載されています。", field="former_family_name", code="nothing_new")
    return _row(when, record, "former_surname_change", {"former_family_kana": "", **items})


@implements("resident-record/1.0#1.1.7/m1")
@act("former_surname_deletion", "旧氏の削除")
def former_surname_deletion(notice: Notice) -> Plan:
    """The former surname is taken off; the history keeps it (旧氏の削除)."""
    when, record, _items = _asked(notice, Kind.JAPANESE, Basis.REQUEST, frozenset())
    _refuse_unless_there(record.former_family_name)
    gone = {"former_family_name": "", "former_family_kana": "", "is_former_family_kana_confirmed": False}
    return _row(when, record, "former_surname_deletion", gone)


@implements("resident-record/1.0#1.1.7/m2", "resident-record/1.0#1.1.2/m2")
@act("alias_entry", "通称の記載")
def alias_entry(notice: Notice) -> Plan:
    """A foreign resident's alias is entered: which municipality did it and on which day is kept (通称の記載).

    Raises Refused where one stands: it is deleted first, so that both days are in the history.
    """
    when, record, items = _asked(notice, Kind.FOREIGN, Basis.APPLICATION, ALIAS)
    if record.alias:
        raise Refused("通称はすでに記載されています。先に削除してください。", field="people", code="has_one")
    _refuse_unless_said(items, "alias")
    place, code = _here()
    done = {"alias_entered_on": when.valid_from, "alias_entered_at": place, "alias_entered_at_code": code}
    gone = {"alias_deleted_on": None, "alias_deleted_at": "", "alias_deleted_at_code": ""}
    return _row(when, record, "alias_entry", {**gone, **done, **items})


@implements("resident-record/1.0#1.1.7/m2", "resident-record/1.0#1.1.2/m2")
@act("alias_deletion", "通称の削除")
def alias_deletion(notice: Notice) -> Plan:
    """The alias is taken off: which municipality did it and on which day is kept (通称の削除)."""
    when, record, _items = _asked(notice, Kind.FOREIGN, Basis.APPLICATION, frozenset())
    _refuse_unless_there(record.alias)
    place, code = _here()
    gone = {"alias": "", "alias_kana": "", "is_alias_kana_confirmed": False}
    done = {"alias_deleted_on": when.valid_from, "alias_deleted_at": place, "alias_deleted_at_code": code}
    return _row(when, record, "alias_deletion", {**gone, **done})


def _asked(
    notice: Notice, kind: Kind, basis: Basis, allowed: frozenset[str]
) -> tuple[Timing, ResidentRecord, dict[str, Any]]:
    """When, of whom and what: one resident of the kind, asked for by whoever may ask."""
    if notice.basis not in (basis, Basis.EX_OFFICIO):
        raise Refused(
            "旧氏は請求、通称は申出に基づく異動です。異動の根拠を選び直してください。",
            field="basis",
            code="wrong_basis",
        )
    if len(notice.people) != 1:
        raise Refused("旧氏・通称の異動は一人ずつ入力してください。", field="people", code="one_person")
    (one,), when, (record,) = notice.people, timing(notice), residents(notice.people)
    if record.kind != kind:
        raise Refused(
            "この方の住民種別では、この異動は入力できません。対象者を確かめてください。",
            field="people",
            code="wrong_kind",
        )
    if set(one.items) - allowed:
        raise Refused("旧氏・通称のほかの項目は一緒に直せません。", field="people", code="others")
    refuse_unless_next([record], when.valid_from)
    return when, record, dict(one.items)


def _refuse_unless_there(name: str) -> None:
    if not name:
        raise Refused("記載されていないので、変更も削除もできません。", field="people", code="has_none")


def _refuse_unless_said(items: Mapping[str, Any], name: str) -> None:
    if not str(items.get(name) or "").strip():
        raise Refused("記載する旧氏又は通称を入力してください。", field=name, code="missing")


def _here() -> tuple[str, str]:
    town = Municipality.objects.get(pk=wall.current())
    return town.name, town.code


def _row(when: Timing, record: ResidentRecord, reason: str, items: dict[str, Any]) -> Plan:
    plan = Plan()
    plan.changes.append(Change(record, {**when.row(reason), **items}, record.household, when.valid_from))
    return plan
