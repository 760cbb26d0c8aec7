"""Provisional entry, and its decision (仮登録・差戻し・取下げ・本登録; resident-record/1.0#4.0.8)."""

from hashlib import sha256
from uuid import UUID

from django.db.models import Max

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.acts import Plan, acts, unconfirmed
from municipal.residents.acts.heads import refuse_two_heads
from municipal.residents.acts.numbers import CODES_ARE_LOW, check_numbers, with_numbers
from municipal.residents.acts.standing import living_in
from municipal.residents.models import Claim, Draft, DraftState, Lease, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice, as_json, read
from municipal.residents.received import refuse_unless_waiting

from .alerting import alert_to_unknown_places, refuse_unless_may_confirm
from .carrying_out import carry_out
from .codes import with_codes
from .holding_back import hold_back
from .leases import refuse_leased, refuse_run_out
from .notes import with_standing_notes
from .numbering import refuse_unless_may
from .recording import refuse_unfilled, refuse_unfit
from .settings import settings


def preview(notice: Notice) -> Plan:
    """What the notice would change, with the alerts it raises (確認). Raises Refused where it cannot be entered."""
    if notice.act not in acts:
        raise Refused("この異動の種類はありません。一覧から選んでください。", field="act", code="no_such_act")
    if notice.others and notice.act != "householder_change":
        raise Refused("残る世帯員の続柄を書けるのは、世帯主変更だけです。", field="others", code="others_not_asked")
    refuse_unless_waiting(notice)
    check_numbers(notice)
    plan = acts[notice.act].plan(notice)
    refuse_two_heads(plan)
    with_standing_notes(plan)
    with_numbers(notice, plan)
    hold_back(plan, _concerned(plan))
    alert_to_unknown_places(plan)
    return plan


def _confirmed(notice: Notice, *, is_new: bool = True) -> Plan:
    plan = preview(notice)
    # What was fit when it was entered meets the constraints themselves when it is written.
    for change in plan.changes if is_new else ():
        row = change.after()
        refuse_unfit(row)
        refuse_unfilled(row)
    for alert in unconfirmed(plan, notice):
        # The code that the notice names is there, however few are left by the time of the decision.
        if is_new or alert.code != CODES_ARE_LOW:
            raise alert.refusal()
    return plan


def _concerned(plan: Plan) -> list[int]:
    """Everybody who is changed or lives in a household that is."""
    return sorted({*plan.people(), *living_in(plan.households)})


def _digest(plan: Plan) -> str:
    """What of the register the plan stands on: if it changes, what the clerk saw is no longer what would happen."""
    newest = ResidentRecord.objects.filter(addressee__in=_concerned(plan)).values("addressee")
    stood = list(newest.annotate(last=Max("serial")).order_by("addressee").values_list("addressee", "last"))
    return sha256(repr((stood, [home.pk for home in plan.households])).encode()).hexdigest()


@implements("resident-record/1.0#4.0.8/m1", "resident-record/1.0#4.0.8/m2", "resident-record/1.0#4.0.9/m1")
@operation("residents.enter")
def enter(*, actor: Actor, notice: Notice, lease: UUID | None = None) -> Draft:
    """Enter an act provisionally; the register stays as it is until the decision (仮登録).

    ``lease``: the token under which the entry was opened. Raises Refused for everything that the act refuses, an alert
    that is not confirmed, a lease that ran out, and people or households with an open entry.
    """
    if lease is not None:
        refuse_run_out(actor, lease)
    refuse_unless_may(actor, notice)
    notice = with_codes(notice)
    plan = _confirmed(notice)
    refuse_unless_may_confirm(actor, plan)
    refuse_leased(actor, _concerned(plan))
    draft = Draft.objects.create(
        act=notice.act, notice=as_json(notice), digest=_digest(plan), entered_by_kind=actor.actor_kind,
        entered_by_id=actor.actor_id, entered_at=clock.now(),
    )  # fmt: skip
    _claim(draft, plan)
    if lease is not None:
        Lease.objects.filter(token=lease).delete()
    record(actor=actor, subjects=plan.people(), code=notice.act)
    return draft


def _claim(draft: Draft, plan: Plan) -> None:
    """Whom and what the plan touches is the draft's and nobody else's.

    In the order of ids, so that of two entries at once one waits and is refused. What is no longer needed is given
    back last: two entries amended into each other's people meet each other's claims and do not wait for them.
    """
    held = {(claim.addressee_id, claim.household_id): claim.pk for claim in draft.claims.all()}
    wanted: list[tuple[int | None, int | None]] = [(one, None) for one in sorted(plan.people())]
    wanted += [(None, one) for one in sorted(home.pk for home in plan.households)]
    new = [Claim(draft=draft, addressee_id=one[0], household_id=one[1]) for one in wanted if one not in held]
    Claim.objects.bulk_create(new)
    Claim.objects.filter(pk__in=[held[one] for one in held if one not in wanted]).delete()


def _open(number: int, version: int | None) -> Draft:
    """The open entry with this id, locked. Raises Refused for none, one that ended, or another version."""
    draft = Draft.objects.select_for_update().filter(pk=number).first()
    if draft is None:
        raise Refused("この仮登録は見つかりません。一覧から選び直してください。", code="not_found")
    if draft.state not in (DraftState.WAITING, DraftState.RETURNED):
        raise Refused("この仮登録はすでに処理されています。一覧を更新して確認してください。", code="already_ended")
    if version is not None and version != draft.version:
        raise Refused("この仮登録は、表示したあとに書き換えられました。最新の内容を確認してください。", code="stale")
    return draft


@implements("resident-record/1.0#4.0.9/m1")
@operation("residents.amend")
def amend(*, actor: Actor, draft: int, notice: Notice, version: int) -> Draft:
    """Enter another notice in place of the one that waits or was returned (仮登録の修正).

    ``version``: the one that was shown. Raises Refused as ``enter`` does.
    """
    found = _open(draft, version)
    if notice.act != found.act:
        raise Refused("異動の種類は変えられません。取り下げて、新しく入力してください。", field="act", code="other_act")
    refuse_unless_may(actor, notice)
    notice = with_codes(notice)
    plan = _confirmed(notice)
    refuse_unless_may_confirm(actor, plan)
    refuse_leased(actor, _concerned(plan))
    _claim(found, plan)
    found.notice, found.digest, found.version = as_json(notice), _digest(plan), found.version + 1
    found.state, found.returned_because = DraftState.WAITING, ""
    found.entered_by_kind, found.entered_by_id = actor.actor_kind, actor.actor_id
    found.save()
    record(actor=actor, subjects=plan.people(), code=notice.act)
    return found


@operation("residents.return_draft")
def return_draft(*, actor: Actor, draft: int, because: str, version: int | None = None) -> Draft:
    """Give an entry back with a reason; it stays provisional (差戻し). Raises Refused without a reason."""
    because = because.strip()
    if not because:
        raise Refused("差戻しの理由を入力してください。", field="because", code="reason_missing")
    refuse_unstorable(because, 200, "because", is_multiline=True)
    found = _open(draft, version)
    found.state, found.returned_because = DraftState.RETURNED, because
    found.version += 1
    found.save()
    record(actor=actor, subjects=_people(found), code=found.act)
    return found


@operation("residents.withdraw")
def withdraw(*, actor: Actor, draft: int, version: int | None = None) -> Draft:
    """Take an entry back: nothing of it ever comes into the register (取下げ)."""
    found = _open(draft, version)
    subjects = _people(found)
    found.claims.all().delete()
    found.state = DraftState.WITHDRAWN
    found.save()
    record(actor=actor, subjects=subjects, code=found.act)
    return found


def _people(draft: Draft) -> list[int]:
    return [int(one) for one in draft.claims.exclude(addressee=None).values_list("addressee", flat=True)]


@implements("resident-record/1.0#4.0.8/m1", "resident-record/1.0#4.0.8/m2", "resident-record/1.0#4.0.8/n1")
@operation("residents.decide")
def decide(*, actor: Actor, draft: int, version: int | None = None) -> ResidentEvent:
    """Decide an entry: it becomes history (決裁・本登録).

    Who decided is in the audit only. Raises Refused for an entry that was returned, that the actor entered (unless the
    municipality allows it), that changed since it was shown, or whose people changed since it was entered.
    """
    found = _open(draft, version)
    if found.state == DraftState.RETURNED:
        raise Refused("この仮登録は差し戻されています。修正されてから決定してください。", code="returned")
    _refuse_own(actor, found)
    notice = read(found.notice)
    _lock(found)
    plan = _confirmed(notice, is_new=False)
    if _digest(plan) != found.digest:
        raise Refused(
            "入力のあとに台帳が変わりました。差し戻して、最新の内容で入力し直してください。", code="register_changed"
        )
    event = carry_out(actor, notice, plan)
    found.claims.all().delete()
    found.state, found.event = DraftState.DECIDED, event
    found.save()
    record(actor=actor, subjects=event.subjects, fields=["serial", "reason"], code=event.act)
    return event


def _refuse_own(actor: Actor, draft: Draft) -> None:
    is_own = (draft.entered_by_kind, draft.entered_by_id) == (actor.actor_kind, actor.actor_id)
    if is_own and not settings().may_decide_own:
        raise Refused("入力した本人は決定できません。別の職員が決定してください。", code="own_entry")


def _lock(draft: Draft) -> None:
    """Nothing else changes the people and households of the entry until the transaction ends."""
    homes = [claim.household for claim in draft.claims.select_related("household") if claim.household]
    people = {*_people(draft), *living_in(homes)}
    list(Addressee.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
