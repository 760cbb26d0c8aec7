"""What an entry is about: whom it was opened for, what is known of them, what is proposed (入力の場面)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404

from municipal.applications.models import Case
from municipal.applications.operations.carrying_out import refuse_unless_enterable
from municipal.applications.outcomes.entering import notice_for
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest
from municipal.numbers.operations import unused_code as stocked_code
from municipal.residents import inquiry
from municipal.residents.acts.households import proposals
from municipal.residents.acts.standing import members_of
from municipal.residents.models import OPEN, Draft, Household, Lease, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice, read
from municipal.residents.operations.codes import codes_in_open_entries, made_up_code
from municipal.residents.received import notice_of, waiting
from municipal.residents.rules.kinship import HEAD as HEAD_OF_HOUSEHOLD
from municipal.residents.secrecy import NOTHING, secrets
from municipal.residents.shown import WITHHELD_FIELDS, why_not_shown, written
from municipal.web.forms import corrected_items
from municipal.web.forms.entries import Scene, rows_of
from municipal.web.forms.entry_notices import first_initial, initial_of
from municipal.web.forms.entry_shapes import FIXES, NEWCOMERS, SHAPES, WITHOUT_MEMBERS

from . import people
from .entering import act_title

WORKS_ON_CASES = {"applications.view", "applications.work", "applications.decide"}


def whole(text: str) -> int | None:
    """A number from a hidden field; None for nothing. Raises Refused for anything else (番号の読取り)."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused("入力された値を読み取れません。形を確かめてください。", code="bad_request")
    return int(text)


def subjects(said: Mapping[str, Any]) -> list[int]:
    """Ids of all whom an entry is opened over: the household, or whom the act to cancel touched (入力の対象者)."""
    event = event_of(said.get("cancels", ""))
    if event is not None:
        return list(event.subjects)
    found = _person(said.get("person", ""))
    members = [one.addressee_id for one in members_of(found.household)]
    return members if found.addressee_id in members else [found.addressee_id, *members]


def event_of(number: str) -> ResidentEvent | None:
    """The act with this id, or None where none is named. Raises Http404 for one that is not there."""
    if not (key := whole(number)):
        return None
    found = ResidentEvent.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _person(number: str) -> ResidentRecord:
    found = inquiry.person(number)
    if found is None:
        raise Http404
    return found.record


def of(request: StaffRequest, act: str, said: Mapping[str, Any]) -> Scene:
    """The scene of the form that ``said`` names. Raises Http404 for people and entries that are not there (場面)."""
    former = _former(said.get("draft", ""), act) or _asked(request, said.get("case", ""), act)
    former = former or _told(said.get("answers", ""), act)
    number = said.get("person", "") or _first_number(former, act)
    if not (number or former or said.get("cancels") or act in WITHOUT_MEMBERS):
        raise Http404
    record = _person(number) if number else None
    members = members_of(record.household) if record else []
    if record is not None and act == "arrival_notice":
        members = _leavers(record)
    if record is not None and act == "disappearance_annulled":
        members = [record]
    if (event := event_of(said.get("cancels", ""))) is not None:
        members = _touched(event)
    least = 3 if SHAPES[act].people == FIXES else 1
    least = (
        max(least, len(former.people[0].items if SHAPES[act].people == FIXES else former.people)) if former else least
    )
    rows = rows_of(said, least=least, more=said.get("do") == "add")
    row = _row_to_correct(record, said.get("corrects", ""))
    choices = _choices(request, row, act) if row is not None and SHAPES[act].people == FIXES else []
    return Scene(act, request.town, members, record, choices, rows, former)


def _former(number: str, act: str) -> Notice | None:
    """The notice of the open entry that is amended."""
    if not (key := whole(number)):
        return None
    draft = Draft.objects.filter(pk=key, act=act, state__in=OPEN).first()
    return read(draft.notice) if draft else None


def _asked(request: StaffRequest, number: str, act: str) -> Notice | None:
    """What an approved application asks for, as a notice to check; the visitor's notice counts from today."""
    if not (key := whole(number)):
        return None
    case = Case.objects.filter(pk=key).first()
    if case is None or not request.permissions & WORKS_ON_CASES:
        raise Http404
    refuse_unless_enterable(case)
    try:
        found = notice_for(case)
    except Refused:
        # The page of the case says why; what cannot be read is typed.
        return None
    return found if found.act == act else None


def _told(number: str, act: str) -> Notice | None:
    """What a received notice says, as a notice to check."""
    if not (key := whole(number)):
        return None
    row = waiting().filter(pk=key).first()
    if row is None:
        raise Http404
    found = notice_of(row)
    if found.act != act:
        raise Http404
    return found


def _first_number(former: Notice | None, act: str) -> str:
    if former is None or not former.people or SHAPES[act].people == NEWCOMERS:
        return ""
    return former.people[0].number


def _leavers(record: ResidentRecord) -> list[ResidentRecord]:
    """The household's people whose leaving is recorded, whether the day has come or not."""
    ever = ResidentRecord.objects.filter(household=record.household_id).values("addressee")
    rows = inquiry.latest().filter(addressee__in=ever).select_related("addressee", "household")
    found = [one for one in rows if one.move_out_planned_on and one.household_id == record.household_id]
    return sorted(found, key=lambda one: (one.member_order, one.addressee_id))


def _touched(event: ResidentEvent) -> list[ResidentRecord]:
    """The newest rows of everybody whom an act and what completes it touched."""
    unit = [event.pk, event.follows_id, *event.followers.values_list("pk", flat=True)]
    ever = ResidentRecord.objects.filter(event__in=unit).values("addressee")
    rows = inquiry.latest().filter(addressee__in=ever).select_related("addressee", "household")
    return sorted(rows, key=lambda one: (one.member_order, one.addressee_id))


def _row_to_correct(record: ResidentRecord | None, serial: str) -> ResidentRecord | None:
    if record is None or not (key := whole(serial)):
        return record
    rows = ResidentRecord.objects.filter(addressee=record.addressee_id, serial=key)
    return rows.select_related("household", "addressee").first() or record


def _choices(request: StaffRequest, row: ResidentRecord, act: str) -> list[tuple[str, str]]:
    withheld = secrets().fields_of(row.addressee_id, vars(row))
    found = corrected_items.choices(row, permissions=request.permissions, withheld=withheld)
    only = SHAPES[act].only
    return [(name, label) for name, label in found if not only or name in only]


def initial(request: StaffRequest, scene: Scene, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows when it is opened: of a notice to amend, or of a new one (初期値)."""
    if scene.former is not None:
        hidden = inquiry.withheld()
        home = household(scene.former.joins) or []
        known = ResidentRecord.objects.filter(addressee__number__in=[one.number for one in scene.former.people])
        ids = {*known.values_list("addressee", flat=True), *(row["addressee_id"] for row in home)}
        withheld = WITHHELD_FIELDS if ids & hidden else NOTHING
        return initial_of(
            scene.former, scene,
            lambda name: not why_not_shown(name, permissions=request.permissions, withheld=withheld),
        )  # fmt: skip
    returning = said.get("returning", "")
    codes = [] if returning else codes_for(request, scene)
    kind = {"people-0-kind": scene.shape.kind} | ({"people-0-number": returning} if returning else {})
    return first_initial(scene, codes) | kind


def codes_for(request: StaffRequest, scene: Scene) -> list[str]:
    """A code for a newborn from the stock; in a made-up town without one, a made-up code (住民票コードの案).

    Who moves in from another municipality has a code and brings it.
    """
    if scene.shape.people != NEWCOMERS:
        return []
    codes, taken = list[str](), codes_in_open_entries()
    for _ in range(scene.rows):
        first = stocked_code(besides=taken) if scene.act == "birth" else None
        code = first or (made_up_code() if request.town.is_fictional else "")
        codes.append(code)
        taken.add(code)
    return codes


def proposed(scene: Scene, said: Mapping[str, Any]) -> dict[str, str]:
    """Relationships as the rule proposes them for the head who was chosen; what was typed stays (続柄の案)."""
    chosen = said.get("head", "")
    for one in scene.members:
        if said.get(f"member-{one.addressee.number}-relationship") == HEAD_OF_HOUSEHOLD:
            chosen = chosen or one.addressee.number
    head = next((one for one in scene.members if one.addressee.number == chosen), None)
    if head is None:
        return {}
    found = proposals(scene.members, head)
    names = {number: f"member-{number}-relationship" for number in found}
    return {names[number]: said.get(names[number], "") or word for number, word in found.items()}


def household(number: str) -> list[dict[str, Any]] | None:
    """The members of the household with this number as lists show them; None where there is none (世帯員)."""
    if not inquiry.is_number(number):
        return None
    home = Household.objects.filter(number=number).first()
    return [row for row in inquiry.members(home) if row["status"] == "1"] if home else None


def head_name(number: str) -> str:
    """The name of the head of the household with this number; empty where there is none (世帯主の氏名)."""
    rows = household(number) or []
    return next((str(row["name"]) for row in rows if row["relationship"] == HEAD_OF_HOUSEHOLD), "")


def head(scene: Scene) -> dict[str, str] | None:
    """For whom the entry was opened, in one line."""
    one = scene.record
    if one is None:
        return None
    return {"number": one.addressee.number, "name": one.name, "household_number": one.household.number}


def until(request: StaffRequest, token: UUID | None) -> str:
    """Until when the clerk's own lease lasts; empty where there is none."""
    if token is None:
        return ""
    own = Lease.objects.filter(token=token, held_by_kind=request.staff.actor_kind, held_by_id=request.staff.actor_id)
    found = own.first()
    return people.moment(found.expires_at) if found else ""


def event(number: str) -> dict[str, Any] | None:
    """The act that is to be cancelled, in one line."""
    found = event_of(number)
    if found is None:
        return None
    names = inquiry.rows(found.subjects)
    return {
        "title": act_title(found.act),
        "event_on": written("event_on", found.event_on, kind="1"),
        "names": "、".join(row["name"] for row in names),
        "subjects": list(found.subjects),
    }
