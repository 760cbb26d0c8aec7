"""Who sits where in a household after an act: head, relationships, order (世帯主・続柄・記載順位)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Household, ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.rules.kinship import HEAD
from municipal.residents.rules.records import refuse_unless_related

from .plan import Alert, Change, Plan
from .standing import members_of, newest_from

NO_HEAD = Alert("no_head", _("世帯主を定めない世帯になります。このままでよいか確かめてください。"))
HEAD_LEAVES = Alert(
    "head_leaves",
    _("世帯主がいなくなり、二人以上が残ります。先に世帯主変更を行うか、世帯主未設定のまま進めるかを確かめてください。"),
)


@implements("resident-record/1.0#4.0.2/m2")
def seated_apart(people: Iterable[Mapping[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    """Relationship, head's name and order of ``people`` (their items) who form a household of their own.

    A child without a name stands last. Raises Refused for two heads or a relationship that is missing; a household
    without a head must be confirmed.
    """
    said = list(people)
    heads = [items for items in said if items.get("relationship") == HEAD]
    _refuse_two_heads(len(heads))
    if not heads:
        plan.alerts.append(NO_HEAD)
    head_name = str(heads[0]["name"]) if heads else ""
    ordered = sorted(range(len(said)), key=lambda index: (said[index] not in heads, not said[index].get("name")))
    places = {index: place for place, index in enumerate(ordered, 1)}
    return [
        {"relationship": _related(items), "head_name": head_name, "member_order": places[index]}
        for index, items in enumerate(said)
    ]


@implements("resident-record/1.0#4.0.2/m3", "resident-record/1.0#5.2/m1")
def seated_last(people: Iterable[Mapping[str, Any]], household: Household) -> list[dict[str, Any]]:
    """Relationship, head's name and order of ``people`` who join ``household``: they stand last (末尾に記載).

    Raises Refused for a second head and for a missing relationship.
    """
    members, said = members_of(household), list(people)
    head = next((one for one in members if one.relationship == HEAD), None)
    _refuse_two_heads((head is not None) + sum(items.get("relationship") == HEAD for items in said))
    new_head = next((items for items in said if items.get("relationship") == HEAD), None)
    head_name = head.name if head else str(new_head["name"]) if new_head else ""
    last = max((one.member_order for one in members), default=0)
    return [
        {"relationship": _related(items), "head_name": head_name, "member_order": last + place}
        for place, items in enumerate(said, 1)
    ]


def _refuse_two_heads(count: int) -> None:
    if count > 1:
        raise Refused(
            "一つの世帯に世帯主は一人です。続柄を確かめてください。", field="relationship", code="second_head"
        )


def _related(items: Mapping[str, Any]) -> str:
    relationship = str(items.get("relationship") or "")
    if not relationship:
        raise Refused("続柄を入力してください。", field="relationship", code="relationship_missing")
    refuse_unless_related(relationship)
    return relationship


@implements("resident-record/1.0#4.0.4/m1", "resident-record/1.0#4.0.4/m3", "resident-record/1.0#1.1.10/m1")
def leave(plan: Plan, leavers: Collection[ResidentRecord], household: Household, on: date, event_on: Any) -> None:
    """What the leaving of ``leavers`` means for those who stay (世帯主不在となる場合の処理).

    One who is left becomes head ex officio; two or more stay without a head if the clerk confirms it.
    """
    gone = {one.addressee_id for one in leavers}
    rest = [one for one in members_of(household) if one.addressee_id not in gone]
    if not rest or not any(one.relationship == HEAD for one in leavers):
        return
    if len(rest) > 1:
        plan.alerts.append(HEAD_LEAVES)
        return
    alone = rest[0]
    items = {"relationship": HEAD, "head_name": alone.name, "reason": "householder_change", "event_on": event_on,
        "remarks": "",
    }  # fmt: skip
    # What is recorded of earlier days stays: the last one may have come after the head had left.
    plan.changes.append(Change(alone, items, household, max(on, newest_from(alone))))


def said_of(others: Iterable[Said]) -> dict[str, Mapping[str, Any]]:
    """What a notice says of members who stay, by addressee number."""
    return {one.number: one.items for one in others}
