"""Changes of households that move nobody (世帯変更等; Act article 25, resident-record/1.0#4.1.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Household, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.rules import kinship
from municipal.residents.rules.kinship import HEAD

from .moves import address_of
from .plan import Alert, Change, Plan, act
from .seats import leave, said_of, seated_apart, seated_last
from .standing import household_of, members_of, refuse_unless_next, residents
from .timing import Timing, timing

SAYABLE = frozenset({"relationship", "remarks"})
"""All that a notice on households says of a person: no address goes along with it (#4.1.4.1/n1, n3)."""
REWRITTEN = Alert(
    "relationships_rewritten", _("続柄を新しい世帯主から見たものに書き換えます。全員の続柄を確かめてください。")
)


@implements("resident-record/1.0#4.1.4.1/m1")
@act("household_split", "世帯分離")
def household_split(notice: Notice) -> Plan:
    """Some of a household form one of their own at the same address (世帯分離)."""
    when, plan, movers = timing(notice), Plan(), residents(notice.people)
    _refuse_other_items(notice)
    refuse_unless_next(movers, when.valid_from)
    old = movers[0].household
    if len(movers) == len(members_of(old)):
        raise Refused(
            "世帯の全員は分離できません。分離する人だけを選んでください。", field="people", code="whole_household"
        )
    plan.touch(old)
    seats = seated_apart(_named(notice.people, movers), plan)
    _reseat(plan, "household_split", when, notice.people, movers, seats, None)
    leave(plan, movers, old, when.valid_from, when.event_on)
    return plan


@implements("resident-record/1.0#4.1.4.1/m1")
@act("household_merger", "世帯合併")
def household_merger(notice: Notice) -> Plan:
    """The whole of a household joins another one at the same address (世帯合併)."""
    movers = residents(notice.people)
    if len(movers) < len(members_of(movers[0].household)):
        raise Refused(
            "世帯合併では世帯の全員を選んでください。一部の人は世帯変更です。", field="people", code="part_of_household"
        )
    return _join(notice, "household_merger", movers)


@implements("resident-record/1.0#4.1.4.1/m1")
@act("household_transfer", "世帯変更")
def household_transfer(notice: Notice) -> Plan:
    """Some of a household join another one at the same address (世帯変更)."""
    movers = residents(notice.people)
    if len(movers) == len(members_of(movers[0].household)):
        raise Refused(
            "世帯の全員が移るときは、世帯合併として入力してください。", field="people", code="whole_household"
        )
    return _join(notice, "household_transfer", movers)


def _join(notice: Notice, reason: str, movers: list[ResidentRecord]) -> Plan:
    when, plan = timing(notice), Plan()
    _refuse_other_items(notice)
    refuse_unless_next(movers, when.valid_from)
    old, home = movers[0].household, household_of(notice.joins)
    if old == home:
        raise Refused(
            "同じ世帯には移れません。移る先の世帯を選び直してください。", field="joins", code="same_household"
        )
    _refuse_elsewhere(movers[0], members_of(home)[0])
    plan.touch(old, home)
    seats = seated_last(_named(notice.people, movers), home)
    _reseat(plan, reason, when, notice.people, movers, seats, home)
    leave(plan, movers, old, when.valid_from, when.event_on)
    return plan


@implements("resident-record/1.0#4.1.4.1/n1", "resident-record/1.0#4.1.4.1/n3")
def _refuse_other_items(notice: Notice) -> None:
    """Neither the address nor the building's name is put right along with a household (住所の修正は別の異動)."""
    if any(item not in SAYABLE for one in (*notice.people, *notice.others) for item in one.items) or notice.place:
        raise Refused(
            "世帯の変更と同時に住所などは直せません。別の異動として入力してください。",
            field="people",
            code="item_not_allowed",
        )


@implements("resident-record/1.0#4.1.4.1/n1", "resident-record/1.0#4.1.4.1/n2")
def _refuse_elsewhere(mover: ResidentRecord, member: ResidentRecord) -> None:
    """No address changes with a household change; the building's name may differ (方書の一致は求めない)."""
    here, there = address_of(mover), address_of(member)
    if any(here[part] != there[part] for part in ("city", "block", "lot")):
        raise Refused(
            "住所の違う世帯には移れません。住所が変わるときは、転居として入力してください。",
            field="joins",
            code="other_address",
        )


def _named(people: Sequence[Said], movers: Sequence[ResidentRecord]) -> list[dict[str, Any]]:
    return [{"name": record.name, **one.items} for one, record in zip(people, movers, strict=True)]


def _reseat(
    plan: Plan, reason: str, when: Timing, people: Sequence[Said], movers: Sequence[ResidentRecord],
    seats: Sequence[Mapping[str, Any]], home: Household | None,
) -> None:  # fmt: skip
    """A row for each mover in ``home``, None for a new household."""
    for one, record, seat in zip(people, movers, seats, strict=True):
        plan.changes.append(Change(record, {**when.row(reason), **one.items, **seat}, home, when.valid_from))


@implements("resident-record/1.0#4.1.4.1/m1", "resident-record/1.0#4.1.4.2/m1", "resident-record/1.0#4.0.4/m4")
@act("householder_change", "世帯主変更")
def householder_change(notice: Notice) -> Plan:
    """Another member leads; everybody's relationship is written anew (世帯主変更).

    ``notice.people`` names the new head, ``notice.others`` says the relationships that the clerk confirmed; for the
    rest the rule proposes. Raises Refused where neither tells.
    """
    when, plan = timing(notice), Plan()
    _refuse_other_items(notice)
    if len(notice.people) != 1:
        raise Refused("新しい世帯主を一人選んでください。", field="people", code="one_head")
    head = residents(notice.people)[0]
    members = members_of(head.household)
    refuse_unless_next(members, when.valid_from)
    if head.relationship == HEAD:
        raise Refused("この方はすでに世帯主です。", field="people", code="already_head")
    relations = _relations(members, head, notice, plan)
    plan.touch(head.household)
    said = {**said_of(notice.people), **said_of(notice.others)}
    for record in members:
        number = record.addressee.number
        seat = {"relationship": relations[number], "head_name": head.name}
        items = {**when.row("householder_change"), **said.get(number, {}), **seat}
        plan.changes.append(Change(record, items, record.household, when.valid_from))
    # The former head's row goes first, so that at no moment two lead.
    plan.changes.sort(key=lambda change: change.items["relationship"] == HEAD)
    return plan


def _relations(members: Sequence[ResidentRecord], head: ResidentRecord, notice: Notice, plan: Plan) -> dict[str, str]:
    proposed = proposals(members, head)
    said = said_of(notice.others)
    if said.keys() - proposed.keys():
        raise Refused(
            "この世帯にいない人の続柄が書かれています。世帯員を確かめてください。", field="others", code="not_a_member"
        )
    found = {}
    for record in members:
        number = record.addressee.number
        stated = str(said.get(number, {}).get("relationship") or "")
        found[number] = stated if stated and record != head else proposed[number]
        if not found[number]:
            raise Refused(
                "新しい世帯主から見た続柄を入力してください（宛名番号 %(number)s）。", field="relationship",
                code="relationship_missing", number=number,
            )  # fmt: skip
        if found[number] == HEAD and record != head:
            raise Refused(
                "一つの世帯に世帯主は一人です。続柄を確かめてください。", field="relationship", code="second_head"
            )
    if any(not said.get(one.addressee.number, {}).get("relationship") for one in members if one != head):
        plan.alerts.append(REWRITTEN)
    return found


def proposals(members: Sequence[ResidentRecord], head: ResidentRecord) -> dict[str, str]:
    """The rule's relationships by addressee number, empty where only people can tell (続柄の案)."""
    known = {
        one.addressee.number: kinship.Member(one.addressee.number, one.relationship, one.sex, one.born_on)
        for one in members
    }
    return kinship.proposals(known, head.addressee.number)
