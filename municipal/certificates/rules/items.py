"""Which items a certificate has, which may be left out, and what stands in them (証明書の記載事項).

``resident-record/1.0#5.1``. Which forms exist, and that an item without a value says 【空欄】, follows what
municipalities tell about the standard forms (CERT-01 to CERT-12).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.certificates.contents import OMITTED, Item
from municipal.certificates.kinds import Kind
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.residents.models import Kind as ResidentKind
from municipal.residents.shown import written

from .wording import filled, with_reading

OMITTABLE = {
    "head": _("世帯主・続柄"), "family_register": _("本籍・筆頭者"), "resident_code": _("住民票コード"),
    "individual_number": _("個人番号"), "nationality": _("国籍・地域"), "article30_45": _("第30条の45に規定する区分"),
    "residence_status": _("在留資格"), "stay_period": _("在留期間等"), "stay_expires_on": _("在留期間の満了の日"),
    "residence_card_number": _("在留カード等の番号"), "alias_history": _("通称の記載及び削除に関する事項"),
}  # fmt: skip
"""What whoever asks may have left out of any copy; everything of it is left out unless it is asked for (CERT-12)."""
ANNEXED, UNKNOWN_SEX = "別紙のとおり", "0"
OF_FOREIGNERS = frozenset(
    {
        "nationality", "article30_45", "residence_status", "stay_period", "stay_expires_on", "residence_card_number",
        "alias_history",
    }
)  # fmt: skip
CHOOSABLE = {
    "name": _("氏名"), "born_on": _("生年月日"), "sex": _("性別"), "address": _("住所"), "building": _("方書"),
    "became_resident_on": _("住民となった年月日"), "address_set_on": _("住所を定めた年月日"),
    "entry_notified_on": _("届出の年月日"), "address_before": _("転入前住所"),
}  # fmt: skip
"""What may be left out besides on a certificate of items: all of it, the building too (#5.4)."""


@dataclass(frozen=True)
class Facts:
    """What the register says about one person for a certificate (記載の元になる事実).

    ``values``: the record's. ``addresses``: its address groups in one line each; ``without_building``: the address
    itself without the building. ``number_of``: the addressee id, None where no individual number is recorded.
    ``has_aliases``: whether there is something to tell about aliases. ``later``: rules of later versions that count.
    """

    values: Mapping[str, Any]
    addresses: Mapping[str, str]
    without_building: str
    entry_notified_on: date | None
    number_of: int | None = None
    has_aliases: bool = False
    later: frozenset[str] = frozenset()

    @property
    def is_foreign(self) -> bool:
        """Whether the record is a foreign resident's (外国人住民か)."""
        return bool(self.values["kind"] == ResidentKind.FOREIGN)

    def written(self, field: str) -> str:
        """A value as the register writes it: era dates but for two items of foreign residents (#1.1.9)."""
        return written(field, self.values.get(field), kind=self.values["kind"])


@implements("resident-record/1.0#5.3/o1", "resident-record/1.0#5.3/n1", "resident-record/1.0#1.1.18/m1")
def name_of(facts: Facts, *, has_reading: bool) -> str:
    """The name as the record gives it; of foreign residents the Latin and the Chinese characters (氏名)."""
    parts = [facts.values.get("roman_name"), facts.values.get("kanji_name")] if facts.is_foreign else []
    name = "　".join(filter(None, parts)) or facts.values["name"]
    return with_reading(name, facts.values["name_kana"]) if has_reading else str(name)


def _named(field: str, reading: str) -> Callable[[Facts, bool], str]:
    def write(facts: Facts, has_reading: bool) -> str:
        name = str(facts.values.get(field) or "")
        return with_reading(name, str(facts.values.get(reading) or "")) if has_reading else name

    return write


def _address_set_on(facts: Facts) -> str:
    """Only of somebody who has moved inside the municipality (CERT-09)."""
    values = facts.values
    is_moved = str(values.get("address_set_on") or "") != str(values.get("became_resident_on") or "")
    return facts.written("address_set_on") if is_moved else ""


def _sex(facts: Facts) -> str:
    return "" if facts.values.get("sex") == UNKNOWN_SEX else facts.written("sex")


def _stay(facts: Facts) -> str:
    units = (("stay_years", "年"), ("stay_months", "月"), ("stay_days", "日"))
    stay = "".join(f"{facts.values[name]}{unit}" for name, unit in units if facts.values.get(name))
    return stay or str(facts.values.get("landing_period") or facts.values.get("provisional_stay_period") or "")


def _plain(field: str) -> Callable[[Facts, bool], str]:
    return lambda facts, _: facts.written(field)


def _place(group: str) -> Callable[[Facts, bool], str]:
    return lambda facts, _: facts.addresses.get(group, "")


@dataclass(frozen=True)
class Entry:
    """One item of the forms: how it is called, what it says, and with what it is left out (記載事項)."""

    key: str
    label: str
    write: Callable[[Facts, bool], str]
    omit: str = ""


_FORMER_NAME = Entry("former_family_name", "旧氏", _named("former_family_name", "former_family_kana"), "name")
_ALIAS = Entry("alias", "通称", _named("alias", "alias_kana"), "name")
_JAPANESE = (
    Entry("domicile", "本籍", _plain("domicile"), "family_register"),
    Entry("register_head", "筆頭者の氏名", _plain("register_head"), "family_register"),
)
_FOREIGN = (
    Entry("nationality", "国籍・地域", _plain("nationality"), "nationality"),
    Entry("article30_45", "第30条の45に規定する区分", _plain("article30_45_class"), "article30_45"),
    Entry("residence_status", "在留資格", _plain("residence_status"), "residence_status"),
    Entry("stay_period", "在留期間等", lambda facts, _: _stay(facts), "stay_period"),
    Entry("stay_expires_on", "在留期間の満了の日", _plain("stay_expires_on"), "stay_expires_on"),
    Entry("residence_card_number", "在留カード等の番号", _plain("residence_card_number"), "residence_card_number"),
    Entry(
        "alias_history", "通称の記載及び削除", lambda facts, _: ANNEXED if facts.has_aliases else "", "alias_history"
    ),
)
_NAME = Entry("name", "氏名", lambda facts, has_reading: name_of(facts, has_reading=has_reading), "name")
_PERSON = (
    Entry("born_on", "生年月日", _plain("born_on"), "born_on"),
    Entry("sex", "性別", lambda facts, _: _sex(facts), "sex"),
    Entry("relationship", "続柄", _plain("relationship"), "head"),
)
_PLACE = (
    Entry("address_set_on", "住所を定めた年月日", lambda facts, _: _address_set_on(facts), "address_set_on"),
    Entry(
        "entry_notified_on", "届出の年月日",
        lambda facts, _: wareki(facts.entry_notified_on) if facts.entry_notified_on else "", "entry_notified_on",
    ),
    Entry("address_before", "転入前住所", _place("address_before"), "address_before"),
)  # fmt: skip
_BEFORE_MOVE_WITHIN = Entry("address_within_before", "転居前住所", _place("address_within_before"), "address_before")
_NUMBERS = (
    Entry("resident_code", "住民票コード", _plain("resident_code"), "resident_code"),
    Entry("individual_number", "個人番号", lambda *_: "", "individual_number"),
)
_SINCE = Entry("became_resident_on", "住民となった年月日", _plain("became_resident_on"), "became_resident_on")
_SINCE_FOREIGN = Entry(
    "became_resident_on", "外国人住民となった年月日", _plain("became_foreign_resident_on"), "became_resident_on"
)
_REMOVED = (
    Entry("removal_reason", "消除の事由", _plain("removal_reason")),
    Entry("removed_on", "事由の生じた年月日", _plain("removed_on")),
    Entry("removal_notified_on", "消除の届出の年月日", _plain("removal_notified_on")),
    Entry("planned_destination", "転出先住所（予定）", _place("planned_destination")),
    Entry("move_out_planned_on", "転出予定年月日", _plain("move_out_planned_on")),
    Entry("confirmed_destination", "転出先住所（確定）", _place("confirmed_destination")),
    Entry("move_out_confirmed_on", "転出年月日", _plain("move_out_confirmed_on")),
    Entry("arrival_notice_on", "転入通知年月日", _plain("arrival_notice_on")),
)
_LEAVING = (
    Entry("planned_destination", "転出先住所（予定）", _place("planned_destination")),
    Entry("move_out_planned_on", "転出予定年月日", _plain("move_out_planned_on")),
    Entry("move_out_notified_on", "転出届出年月日", _plain("move_out_notified_on")),
)


def entries(kind: Kind, *, is_foreign: bool, later: Collection[str] = ()) -> Iterator[Entry]:
    """The items of a person on a form, in the order of the law's list (記載事項の一覧)."""
    yield from (_NAME, _ALIAS if is_foreign else _FORMER_NAME)
    yield from _PERSON
    yield _SINCE_FOREIGN if is_foreign else _SINCE
    yield from _PLACE
    if "address_before_move_within" in later:
        yield _BEFORE_MOVE_WITHIN
    yield from _FOREIGN if is_foreign else _JAPANESE
    yield from _NUMBERS
    if kind.removed:
        yield from _REMOVED
    if kind.code in ("move_out_certificate", "equivalent_certificate"):
        yield from _LEAVING


@implements(
    "resident-record/1.0#5.1/m2", "resident-record/1.0#5.1/m3", "resident-record/1.0#5.1/m8",
    "resident-record/1.0#5.1/n3",
)  # fmt: skip
def items_of(facts: Facts, kind: Kind, omits: Collection[str], *, has_reading: bool) -> tuple[Item, ...]:
    """A person's items: left out what ``omits`` names, 【空欄】 where there is no value (記載内容).

    What a move-out notification left in the record of somebody who is still a resident has no item here.
    """
    left_out = allowed(kind, omits)
    return tuple(
        _item(entry, facts, has_reading=has_reading, is_omitted=entry.omit in left_out)
        for entry in entries(kind, is_foreign=facts.is_foreign, later=facts.later)
    )


def _item(entry: Entry, facts: Facts, *, has_reading: bool, is_omitted: bool) -> Item:
    if is_omitted:
        return Item(entry.key, entry.label, OMITTED)
    if entry.key == "individual_number" and facts.number_of is not None:
        return Item(entry.key, entry.label, "", facts.number_of)
    return Item(entry.key, entry.label, filled(entry.write(facts, has_reading)))


@implements("resident-record/1.0#5.4/m1")
def address_of(facts: Facts, kind: Kind, omits: Collection[str]) -> str:
    """The address with its building; without it only where a certificate of items is asked for so (方書の記載)."""
    left_out = allowed(kind, omits)
    if "address" in left_out:
        return OMITTED
    return filled(facts.without_building if "building" in left_out else facts.addresses.get("address", ""))


def allowed(kind: Kind, omits: Collection[str]) -> frozenset[str]:
    """Of ``omits`` what this form may leave out; nothing on what a mover hands to the next office (省略できる項目)."""
    if kind.code in ("move_out_certificate", "equivalent_certificate"):
        return frozenset()
    may = {*OMITTABLE, *CHOOSABLE} if kind.may_choose_items else set(OMITTABLE)
    return frozenset(omits) & may
