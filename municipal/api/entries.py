"""Provisional entries as plain data: before and after for each person, addresses as for records (仮登録の形)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.municipalities.sentences import sentences
from municipal.residents import inquiry, notices, operations
from municipal.residents.acts import Change, Plan, acts
from municipal.residents.models import OPEN, Draft, DraftState, Household, Period, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.secrecy import NOTHING
from municipal.residents.shown import HIDDEN, WITHHELD_FIELDS, changed_fields, why_not_shown

from . import shapes

Pair = tuple[ResidentRecord | None, ResidentRecord]
OF_ROWS = {"processed_on", "household_id"}
"""Fields of the table that a change does not list: the one is always today, the other has its number beside it."""


@dataclass
class Seen:
    """An entry with everybody it is about, ready to be shown (表示する仮登録).

    ``is_protected``: somebody concerned is protected, or lives with somebody who is. Then no address of the entry is
    shown, whoever of them it may belong to. ``problem``: why the entry can no longer be decided as it stands.
    """

    draft: Draft
    notice: Notice
    plan: Plan | None = None
    problem: Refused | None = None
    pairs: list[Pair] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    is_protected: bool = False

    @property
    def withheld(self) -> frozenset[str]:
        """The fields that nobody is shown of anybody in the entry."""
        return WITHHELD_FIELDS if self.is_protected else NOTHING


def summary(draft: Draft) -> dict[str, Any]:
    """Where an entry stands; says nothing of anybody, so that a kept answer holds no personal data (仮登録の状態)."""
    return {
        "id": draft.pk,
        "act": draft.act,
        "act_label": acts[draft.act].label,
        "state": draft.state,
        "version": draft.version,
        "entered_at": draft.entered_at.astimezone(clock.TOKYO).isoformat(),
        "event": draft.event_id,
    }


def listed(drafts: Collection[Draft]) -> tuple[list[dict[str, Any]], list[int]]:
    """Lines of a list with the names of the people concerned, and the ids of those who are named (一覧の行)."""
    said = {draft.pk: notices.read(draft.notice) for draft in drafts}
    ids = {draft.pk: _claimed(draft) for draft in drafts}
    numbers = {one.number for notice in said.values() for one in notice.people if one.number}
    known = Addressee.objects.filter(pk__in={one for some in ids.values() for one in some})
    people = {one.pk: one for one in (known | Addressee.objects.filter(number__in=numbers))}
    by_number = {one.number: one.pk for one in people.values()}
    clerks = clerk_names(drafts)
    rows = []
    for draft in drafts:
        notice = said[draft.pk]
        named = [by_number[one.number] for one in notice.people if one.number in by_number]
        some = [people[one] for one in dict.fromkeys([*named, *ids[draft.pk]]) if one in people]
        new = [{"number": None, "name": str(one.items.get("name", ""))} for one in notice.people if not one.number]
        rows.append(_line(draft, notice, clerks) | {"people": [_named(one) for one in some] + new})
    return rows, sorted(people)


def _line(draft: Draft, notice: Notice, clerks: dict[int, str]) -> dict[str, Any]:
    return summary(draft) | {
        "event_on": shapes.day(notice.event_on),
        "notified_on": shapes.plain(notice.notified_on),
        "entered_by": clerks.get(draft.entered_by_id, "") if draft.entered_by_kind == "staff" else "",
        "returned_because": draft.returned_because,
    }


def _named(person: Addressee) -> dict[str, Any]:
    return {"number": person.number, "name": person.name}


def clerk_names(drafts: Iterable[Draft]) -> dict[int, str]:
    """The names of the staff who entered these."""
    ids = {draft.entered_by_id for draft in drafts if draft.entered_by_kind == "staff"}
    return dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name"))


def _claimed(draft: Draft) -> list[int]:
    """Whom an entry is about by id: while it is open its claims say so, afterwards the act."""
    if draft.event is not None:
        return list(draft.event.subjects)
    return [claim.addressee_id for claim in draft.claims.all() if claim.addressee_id is not None]


def seen(draft: Draft) -> Seen:
    """The entry as it would change the register, or as it did (仮登録の内容)."""
    found = Seen(draft, notices.read(draft.notice))
    if draft.state in OPEN:
        try:
            found.plan = operations.preview(found.notice)
            found.pairs = [(change.before, _to_come(change)) for change in found.plan.changes]
        except Refused as refused:
            found.problem = refused
    elif draft.state == DraftState.DECIDED:
        found.pairs = _as_recorded(draft)
    people = _people(found)
    found.subjects = sorted(people)
    found.is_protected = bool((people | _housemates(found)) & inquiry.withheld())
    return found


def _to_come(change: Change) -> ResidentRecord:
    """The row to come; a household that the act forms has no number yet."""
    row = change.after()
    if change.household is None:
        row.household_id = None  # type: ignore[assignment]
    return row


def _as_recorded(draft: Draft) -> list[Pair]:
    """Every row that the act made, and the row before it in the person's history."""
    rows = ResidentRecord.objects.filter(event=draft.event_id).select_related("addressee", "household")
    made = list(rows.order_by("member_order", "addressee", "serial"))
    history = ResidentRecord.objects.filter(addressee__in={one.addressee_id for one in made})
    known = {(one.addressee_id, one.serial): one for one in history.select_related("addressee", "household")}
    return [(known.get((one.addressee_id, one.serial - 1)), one) for one in made]


def _people(found: Seen) -> set[int]:
    said = (*found.notice.people, *found.notice.others)
    numbers = {one.number for one in said if one.number}
    named = set(Addressee.objects.filter(number__in=numbers).values_list("pk", flat=True))
    return named | set(_claimed(found.draft)) | {row.addressee_id for _, row in found.pairs if row.addressee_id}


def _housemates(found: Seen) -> set[int]:
    """Whoever lives in a household that the entry touches, or that the notice names."""
    homes = {row.household_id for pair in found.pairs for row in pair if row and row.household_id}
    homes |= {claim.household_id for claim in found.draft.claims.all() if claim.household_id is not None}
    if found.notice.joins:
        homes |= set(Household.objects.filter(number=found.notice.joins).values_list("pk", flat=True))
    if found.draft.state not in OPEN:
        # What was written then may be where somebody lives whom these people have left since.
        homes |= set(Period.objects.filter(addressee__in=found.subjects).values_list("household", flat=True))
    now = Period.objects.filter(household__in=homes, is_registered=True, recorded__endswith__isnull=True)
    return set(now.values_list("addressee", flat=True))


def whole(found: Seen, permissions: Collection[str]) -> dict[str, Any]:
    """The entry with its notice and what it changes, as far as it may be seen (仮登録の詳細)."""
    clerks = clerk_names([found.draft])
    return _line(found.draft, found.notice, clerks) | {
        "notice": _notice(found, permissions),
        "changes": [_change(pair, permissions, found.withheld) for pair in found.pairs],
        "alerts": [
            {"code": one.code, "messages": sentences(one.refusal()), "is_confirmed": one.code in found.notice.confirmed}
            for one in (found.plan.alerts if found.plan else ())
        ],
        "document": found.plan.document if found.plan else found.draft.event.document if found.draft.event else "",
        "problem": {"code": found.problem.code, "messages": sentences(found.problem)} if found.problem else None,
        "address_withheld": found.is_protected,
    }


def _notice(found: Seen, permissions: Collection[str]) -> dict[str, Any]:
    said = notices.as_json(found.notice)
    for name, people in (("people", found.notice.people), ("others", found.notice.others)):
        said[name] = [
            {"number": one.number, "items": _items(one, shown["items"], permissions, found.withheld)}
            for one, shown in zip(people, said[name], strict=True)
        ]
    return said | (dict.fromkeys(("place", "came_from")) if found.is_protected else {})


def _items(one: Said, shown: dict[str, Any], permissions: Collection[str], withheld: Collection[str]) -> dict[str, Any]:
    return {
        name: None if why_not_shown(name, permissions=permissions, withheld=withheld) else shown[name]
        for name in one.items
    }


def _change(pair: Pair, permissions: Collection[str], withheld: Collection[str]) -> dict[str, Any]:
    before, after = pair
    names = [name for name in changed_fields(before, after) if name not in OF_ROWS]
    why = {name: why_not_shown(name, permissions=permissions, withheld=withheld) for name in names}
    return {
        "number": after.addressee.number if after.addressee_id else None,
        "name": after.name,
        "reason": after.reason,
        "household_before": before.household.number if before else None,
        "household_after": after.household.number if after.household_id else None,
        "items": [
            {
                "item": name,
                "before": None if why[name] or before is None else shapes.plain(getattr(before, name)),
                "after": None if why[name] else shapes.plain(getattr(after, name)),
            }
            for name in names
        ],
        "hidden_items": [name for name in names if why[name] == HIDDEN],
    }
