"""What the family register tells, each event with the items it may change (戸籍による修正; #4.2.0.3, #4.2.3.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.rules.special import noted

from .corrections import from_a_day_on
from .moves import move_in, move_out
from .plan import Plan, Planner, act

GROUNDS = (Basis.FAMILY_REGISTER.value, Basis.MUNICIPALITY.value)
REGISTER = frozenset(
    name.attname for name in ResidentRecord._meta.fields if name.attname.startswith(("domicile", "register_head"))
)
"""Where the family register is, and who stands first in it (戸籍の表示)."""
NAMES = frozenset(
    {
        "name", "family_name", "given_name", "name_kana", "family_kana", "given_kana", "is_name_kana_confirmed",
    }
)  # fmt: skip
RELATION = frozenset({"relationship"})
NOTES = frozenset({"remarks"})


@dataclass(frozen=True)
class FamilyEvent:
    """One event of the family register: its term, and the items that follow from it (戸籍の異動)."""

    label: str
    items: frozenset[str]


EVENTS: Mapping[str, FamilyEvent] = {
    "marriage": FamilyEvent("婚姻", NAMES | REGISTER | RELATION),
    "divorce": FamilyEvent("離婚", NAMES | REGISTER | RELATION),
    "adoption": FamilyEvent("養子縁組", NAMES | REGISTER | RELATION),
    "adoption_dissolution": FamilyEvent("養子離縁", NAMES | REGISTER | RELATION),
    "special_adoption": FamilyEvent("特別養子縁組", NAMES | REGISTER | RELATION),
    "special_adoption_dissolution": FamilyEvent("特別養子縁組の離縁", NAMES | REGISTER | RELATION),
    "recognition": FamilyEvent("認知", RELATION),
    "entry_in_register": FamilyEvent("入籍", NAMES | REGISTER),
    "name_change": FamilyEvent("氏名の変更", NAMES | frozenset({"register_head"})),
    "domicile_transfer": FamilyEvent("転籍・分籍", REGISTER),
    "sex_change": FamilyEvent("性別の取扱いの変更", REGISTER | RELATION | NAMES | frozenset({"sex"})),
    "register_correction": FamilyEvent("戸籍訂正", REGISTER | NAMES | frozenset({"sex", "born_on"})),
    "register_notice": FamilyEvent("本籍地からの記載事項通知", REGISTER),
}
"""Every one is a correction ex officio to the closed list of reasons (#1.2.2)."""


def refuse_other_grounds(notice: Notice) -> None:
    """Raise Refused unless the family register's office tells it (異動の根拠)."""
    if notice.basis not in GROUNDS:
        raise Refused(
            "戸籍の届出・通知に基づく異動です。異動の根拠を選び直してください。", field="basis", code="wrong_basis"
        )


def _refuse_other_items(name: str, people: tuple[Said, ...]) -> None:
    allowed = EVENTS[name].items | NOTES
    if any(item not in allowed for one in people for item in one.items):
        raise Refused(
            "「%(label)s」では直せない項目があります。別の異動として入力してください。", field="people",
            code="item_not_allowed", label=EVENTS[name].label,
        )  # fmt: skip


@implements("resident-record/1.0#4.0.6/m3")
def _with_the_first_register(people: tuple[Said, ...]) -> tuple[Said, ...]:
    """Whoever is named without items gets the family register that the first one got (本籍・筆頭者の一括修正)."""
    if not people:
        return people
    same = {name: value for name, value in people[0].items.items() if name in REGISTER}
    return (people[0], *(one if one.items else replace(one, items=same) for one in people[1:]))


@implements(
    "resident-record/1.0#4.2.0.3/m1", "resident-record/1.0#4.2.3.1/m1", "resident-record/1.0#4.2.0.1/m1",
    "resident-record/1.0#4.2.3.1/m2",
)  # fmt: skip
def family_event(name: str) -> Planner:
    """The function that plans one event of the family register (戸籍の異動の案)."""

    def plan(notice: Notice) -> Plan:
        refuse_other_grounds(notice)
        _refuse_other_items(name, notice.people)
        people = _with_the_first_register(notice.people)
        said = tuple(_noting(name, one) for one in people)
        return from_a_day_on(replace(notice, people=said), "correction_ex_officio")

    plan.__doc__ = f"{EVENTS[name].items and name} ({EVENTS[name].label})"
    return plan


def _noting(name: str, one: Said) -> Said:
    note = noted(name, str(one.items.get("remarks") or ""))
    return replace(one, items={**one.items, "remarks": note}) if note else one


for _name, _event in EVENTS.items():
    act(_name, _event.label)(family_event(_name))


def _within(name: str, moving: Callable[[Notice], Plan], as_act: str) -> Planner:
    """A move that goes with a special adoption or its end: no place need be said, and the note says why."""

    def plan(notice: Notice) -> Plan:
        refuse_other_grounds(notice)
        people = tuple(_noting(name, one) for one in notice.people)
        found = moving(replace(notice, act=as_act, people=people))
        found.act = as_act
        return found

    return plan


@implements("resident-record/1.0#1.1.5/m3", "resident-record/1.0#1.1.14/m9")
def special_leaving(name: str) -> Planner:
    """A child leaves with a special adoption or its end; the destination may stay empty (特別養子縁組に伴う転出)."""
    return _within(name, move_out, "move_out")


@implements("resident-record/1.0#1.1.14/m9")
def special_coming(name: str) -> Planner:
    """A child comes with a special adoption or its end; the address before may stay empty (特別養子縁組に伴う転入)."""
    return _within(name, move_in, "move_in")


SPECIAL_MOVES: Mapping[str, tuple[str, Any]] = {
    "special_adoption_leaving": ("特別養子縁組に伴う転出", special_leaving),
    "special_adoption_coming": ("特別養子縁組に伴う転入", special_coming),
    "special_dissolution_leaving": ("特別養子縁組の離縁に伴う転出", special_leaving),
    "special_dissolution_coming": ("特別養子縁組の離縁に伴う転入", special_coming),
}
for _name, (_label, _made) in SPECIAL_MOVES.items():
    act(_name, _label, may_be_ahead=_name.endswith("leaving"))(_made(_name))
