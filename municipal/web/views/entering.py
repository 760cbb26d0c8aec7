"""Who is entering what about a person, and what may be entered (入力中・仮登録中の表示と異動の選択)."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from municipal.addressees.models import LifeState
from municipal.core import clock
from municipal.core.actors import STAFF
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest
from municipal.identity.models import Staff
from municipal.residents.models import Claim, Draft, Lease, ResidentRecord
from municipal.web.forms.entry_offers import offered
from municipal.web.forms.entry_shapes import TITLES

from . import people

ENTER, DECIDE = "residents.enter", "residents.decide"


def refuse_outsiders(request: StaffRequest) -> None:
    """Raise Refused for whoever neither enters nor decides: a provisional entry is nobody else's (仮登録の閲覧)."""
    if not request.permissions & {ENTER, DECIDE}:
        raise Refused("仮登録を見るには、「異動の入力」か「異動の決定」の権限が必要です。", code="forbidden")


def act_title(act: str) -> str:
    """What an act is called; its own word where it has no title."""
    return str(TITLES.get(act, act))


def names_of(actors: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The names of those who entered, by kind and id (入力者の氏名)."""
    staff = Staff.objects.filter(pk__in=[number for kind, number in actors if kind == STAFF])
    named = {(STAFF, one.pk): one.name for one in staff}
    return {actor: named.get(actor, gettext("システム")) for actor in actors}


@implements("resident-record/1.0#10.3/m9", "resident-record/1.0#4.0.8/m2")
def state_of(request: StaffRequest, record: ResidentRecord, members: int) -> dict[str, Any] | None:
    """Who enters something about this person, what waits for a decision, and what may be entered (入力の状態).

    None for whoever neither enters nor decides: they see the register only.
    """
    if not request.permissions & {ENTER, DECIDE}:
        return None
    draft, lease = _draft_of(record), _lease_of(request, record)
    may_enter = ENTER in request.permissions and draft is None and lease is None
    groups = offered(record, members) if may_enter else ()
    return {
        "draft": _draft(draft) if draft else None,
        "lease": _lease(lease) if lease else None,
        "groups": [
            {"title": str(title), "acts": [{"name": name, "title": act_title(name)} for name in names]}
            for title, names in groups
        ],
        "may_return": may_enter and record.status in (LifeState.MOVED_OUT, LifeState.REMOVED),
        "may_enter": may_enter,
    }


def _draft_of(record: ResidentRecord) -> Draft | None:
    about = Claim.objects.filter(Q(addressee=record.addressee_id) | Q(household=record.household_id))
    claim = about.select_related("draft").first()
    return claim.draft if claim else None


def _lease_of(request: StaffRequest, record: ResidentRecord) -> Lease | None:
    """Somebody else's entry about this person; one's own is no obstacle."""
    running = Lease.objects.filter(addressee=record.addressee_id, expires_at__gt=clock.now())
    return running.exclude(held_by_kind=STAFF, held_by_id=request.staff.pk).first()


def _draft(draft: Draft) -> dict[str, Any]:
    actor = (draft.entered_by_kind, draft.entered_by_id)
    return {
        "id": draft.pk, "act": act_title(draft.act), "by": names_of([actor])[actor],
        "at": people.moment(draft.entered_at),
    }  # fmt: skip


def _lease(lease: Lease) -> dict[str, str]:
    actor = (lease.held_by_kind, lease.held_by_id)
    return {"by": names_of([actor])[actor], "until": people.moment(lease.expires_at)}
