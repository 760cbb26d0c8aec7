"""A decision is carried out: with the approval, again where it could not be, or by hand (決定の実施)."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, connections, transaction
from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, CaseEvent, CaseOutcome
from municipal.applications.models.outcomes import OBSTACLE
from municipal.applications.outcomes import carrier_of
from municipal.applications.outcomes.entering import ACTS, ENTRY
from municipal.applications.rules.steps import SYSTEM
from municipal.applications.rules.visits import WAITING, visit_by
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import SYSTEM as SYSTEM_KIND
from municipal.core.actors import Actor, System
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of
from municipal.residents.models import OPEN, Draft, DraftState, ReceivedKind, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.operations import close_received, enter
from municipal.residents.received import waiting

from .stepping import locked, moved, open_step

OFFICE = System(name="applications")
"""Takes the steps that follow from something else that somebody did."""
APPROVED, BY_HAND, ON_PAPER, PREPARED = "approved", "by_hand", "certificate", "prepared"
DAMAGE = "damage_certificate"
SETTLED = frozenset({BY_HAND, ON_PAPER, DAMAGE})
"""After these a clerk may say that it is done: a certificate was posted or handed over, the rest was done by hand."""
NOT_APPROVED = _("承認された申請だけ、実施できます。画面を開き直してください。")
WAITS = _("仮登録の決定を待っています。決定されると、自動で完了します。")
NOT_DONE_YET = _("まだ実施されていません。もう一度試すか、手で処理して記録してください。")
CARRIED_OUT = _("すでに実施されています。画面を開き直してください。")
NO_NOTE = _("手で処理したものの番号や場所を入れてください。")
OTHER_ACT = _("この異動は、申請された手続のものではありません。申請と見比べてください。")


def standing(case: Case) -> CaseOutcome | None:
    """What the last attempt came to; None before the first (実施の現況)."""
    return case.outcomes.order_by("-pk").first()


def entry_of_case(outcome: CaseOutcome | None) -> Draft | None:
    """The provisional entry that an outcome made; None for one that made another thing (申請の仮登録)."""
    if outcome is None or outcome.kind != ENTRY or outcome.reference is None:
        return None
    return Draft.objects.select_related("event").filter(pk=outcome.reference).first()


def may_be_tried(case: Case, outcome: CaseOutcome | None) -> bool:
    """Whether nothing stands that was made: refused, withdrawn in the register, or left to the staff (再実施の可否)."""
    if case.state != APPROVED or carrier_of(case) is None or outcome is None:
        return False
    entry = entry_of_case(outcome)
    is_gone = entry is not None and entry.state == DraftState.WITHDRAWN
    waits_for_staff = outcome.kind == PREPARED and case.asked.does not in ACTS
    return outcome.kind == OBSTACLE or is_gone or waits_for_staff


def follow(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Carry out what was just approved; refuse to call done what is not (承認への追随)."""
    if event.state_to == APPROVED:
        _attempt(actor, case)
    elif event.action == "carry_out" and actor.actor_kind != SYSTEM_KIND:
        _refuse_unless_settled(case)


def is_settled(case: Case) -> bool:
    """Whether a clerk may say that it is done: the office's own work, on paper, or done by hand (完了の可否)."""
    outcome = standing(case)
    return outcome is None or outcome.kind in SETTLED


def _refuse_unless_settled(case: Case) -> None:
    entry = entry_of_case(standing(case))
    if entry is not None and entry.state in OPEN:
        raise Refused(WAITS, code="entry_waits")
    if not is_settled(case):
        raise Refused(NOT_DONE_YET, code="not_carried_out")


def _attempt(actor: Actor, case: Case) -> None:
    """All of it or nothing: what was refused leaves its sentence and no other trace."""
    carrier = carrier_of(case)
    if carrier is None:
        return
    using = wall.opening().using
    try:
        with transaction.atomic(using=using):
            done = carrier(actor, case)
            # What the database only checks at the end is checked here, where it can still be taken back alone.
            connections[using].check_constraints()
    except Refused as refused:
        _note_obstacle(actor, case, refused)
        return
    except IntegrityError as error:
        found = refusal_of(error)
        if found is None:
            raise
        _note_obstacle(actor, case, found)
        return
    if done is not None:
        _note(actor, case, kind=done.kind, reference=done.reference)
        if done.is_over:
            _finish(case)


def _note_obstacle(actor: Actor, case: Case, refused: Refused) -> None:
    values = {name: value if isinstance(value, int) else str(value) for name, value in refused.values.items()}
    _note(actor, case, kind=OBSTACLE, sentence=refused.sentence[:500], values=values)


def _note(actor: Actor, case: Case, **said: object) -> CaseOutcome:
    return CaseOutcome.objects.create(
        case=case, replaces=standing(case), made_at=clock.now(), actor_kind=actor.actor_kind, actor_id=actor.actor_id,
        **said,
    )  # fmt: skip


def _finish(case: Case) -> None:
    moved(OFFICE, case, open_step(case, "carry_out", (SYSTEM,), ""))


def _approved(case: int, seen: int) -> Case:
    found = locked(case, seen)
    if found.state != APPROVED:
        raise Refused(NOT_APPROVED, code="not_approved")
    return found


@operation("applications.try_again")
def try_again(*, actor: Actor, case: int, seen: int) -> Case:
    """Carry out what could not be before; raises Refused where something was made meanwhile (再実施)."""
    found = _approved(case, seen)
    if not may_be_tried(found, standing(found)):
        raise Refused(CARRIED_OUT, code="carried_out")
    _attempt(actor, found)
    record(actor=actor, subjects=_about(found), code=found.procedure)
    return found


@operation("applications.note_by_hand")
def note_by_hand(*, actor: Actor, case: int, seen: int, note: str) -> Case:
    """Somebody did it on the screens of its own room, and says where; then the case is done (手による実施の記録).

    Raises Refused without a note, and while an entry that was made from the case waits for its decision.
    """
    found, note = _approved(case, seen), note.strip()
    if not note:
        raise Refused(NO_NOTE, field="note", code="note_missing")
    refuse_unstorable(note, 200, "note")
    entry = entry_of_case(standing(found))
    if entry is not None and entry.state in OPEN:
        raise Refused(WAITS, code="entry_waits")
    _note(actor, found, kind=BY_HAND, note=note)
    moved(actor, found, open_step(found, "carry_out", (SYSTEM,), ""))
    record(actor=actor, subjects=_about(found), code=found.procedure)
    return found


@operation("applications.enter")
def enter_for(*, actor: Actor, case: int, notice: Notice, lease: UUID | None = None) -> Draft:
    """Enter by hand what an approved case asks for, on the form that was filled from it (申請に基づく仮登録).

    Both the entry and that it is the case's, or neither. Raises Refused as ``residents.operations.enter`` does, for
    another kind of act, and where something was made of the case already.
    """
    found = Case.objects.select_for_update().filter(pk=case).first()
    if found is None:
        raise Refused(NOT_APPROVED, code="not_approved")
    refuse_unless_enterable(found)
    if notice.act not in ACTS.get(found.asked.does, ()):
        raise Refused(OTHER_ACT, code="other_act")
    made = enter(actor=actor, notice=notice, lease=lease)
    _note(actor, found, kind=ENTRY, reference=made.pk)
    record(actor=actor, subjects=_about(found), code=found.procedure)
    return made


def may_be_entered(case: Case) -> bool:
    """Whether a clerk may enter by hand what the case asks for: nothing that was made stands (手による入力の可否)."""
    outcome = standing(case)
    is_prepared = case.state == APPROVED and outcome is not None and outcome.kind == PREPARED
    return is_prepared or may_be_tried(case, outcome)


def _waiting_for(event: int) -> CaseOutcome | None:
    drafts = list(Draft.objects.filter(event=event).values_list("pk", flat=True))
    return CaseOutcome.objects.filter(kind=ENTRY, reference__in=drafts).first() if drafts else None


def is_waited_for(event: int) -> bool:
    """Whether this event of the register came of an entry that a case waits for (申請に係る異動か)."""
    return _waiting_for(event) is not None


def refuse_unless_enterable(case: Case) -> None:
    """Raise Refused unless a clerk may enter by hand what the case asks for (手による入力の確認)."""
    if not may_be_entered(case):
        raise Refused(CARRIED_OUT if case.outcomes.exists() else NOT_APPROVED, code="not_enterable")


@operation("applications.finish")
def entry_decided(*, actor: Actor, event: int) -> Case | None:
    """An entry was confirmed: the case that it came from is done (本登録への追随). None where no case waits for it."""
    outcome = _waiting_for(event)
    found = Case.objects.select_for_update().get(pk=outcome.case_id) if outcome else None
    is_waiting = found is not None and found.state == APPROVED and standing(found) == outcome
    if found is not None and is_waiting:
        _finish(found)
        _close_certificate_data(actor=actor, event=event, because=f"申請{found.number}の異動で取込み")
    record(actor=actor, subjects=_about(found) if found else [], code=found.procedure if found else "none")
    return found if is_waiting else None


def _about(case: Case) -> list[int]:
    return [case.about_id] if case.about_id else []


def _close_certificate_data(*, actor: Actor, event: int, because: str) -> None:
    """The move-out data of the others who came by the same notice need no act of their own (転出証明書情報の取込み)."""
    codes = ResidentRecord.objects.filter(event=event).exclude(resident_code="").values_list("resident_code", flat=True)
    for row in waiting(ReceivedKind.MOVE_OUT.value).filter(key__in=list(codes)):
        close_received(actor=actor, received=row.pk, because=because)


EXPIRED_AT_ONCE = 200


def visits_are_over() -> bool:
    """Whether any reservation is kept no longer (期限の来た予約の有無)."""
    return any(True for _one in _over())


def _over() -> Iterator[Case]:
    waiting = Case.objects.filter(state=WAITING, due_on__lt=clock.today()).order_by("due_on", "pk")
    return (one for one in waiting.iterator() if visit_by(one.asked.asks, one.answers, one.due_on) < clock.today())


@operation("applications.expire_visits")
def expire_visits(*, actor: Actor) -> int:
    """Reservations whose visitor never came expire; the register was never touched (来庁のない予約). How many."""
    over = [one.pk for one in islice(_over(), EXPIRED_AT_ONCE)]
    found = Case.objects.select_for_update(skip_locked=True).filter(pk__in=over, state=WAITING).order_by("pk")
    for one in found:
        moved(actor, one, open_step(one, "expire", (SYSTEM,), ""))
    record(actor=actor, code="expire_visits")
    return len(found)
