"""Forgetting what a case says of people once its period is over; holding one back (保存と匿名化の操作)."""

from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model
from django.utils.translation import gettext_noop as _

from municipal.applications.keeping import holds_of, kept_until, outcomes, period_of
from municipal.applications.models import Attachment, Bundle, Case, Draft, Hold, KeepingPeriod, Reception
from municipal.applications.models.promises import OnlyForgets, RowsGo, StaysUntilForgotten
from municipal.applications.rules.steps import final_states
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.office.outbox import emit

from .bundles import sweep_bundles

FORGOTTEN = "applications.forgotten"
AT_ONCE = 200
NOT_YET = _("保存期間が過ぎていないか、保存を続ける理由があるため、消せません。")
NO_REASON = _("印を付ける理由を入れてください。")
NOT_HELD = _("この申請には、争訟中の印がありません。")
BAD_PERIOD = _("終わり方と年数を確かめてください。年数は1年から100年までです。")


@operation("applications.forget")
def forget(*, actor: Actor, case: int, takes_unverified: bool = False) -> bool:
    """Take everything that is somebody's out of one case; False where that was done before (申請の匿名化).

    Number, procedure, dates, outcome and way stay for statistics. Raises Refused before the period is over, while its
    period is unverified (unless ``takes_unverified``), and while something holds it.
    """
    found = Case.objects.select_for_update().get(pk=case)
    if found.forgotten_at is not None:
        record(actor=actor, code="again")
        return False
    is_over = found.state in final_states() and kept_until(found) <= clock.today()
    if not is_over or holds_of(found) or not (takes_unverified or period_of(found).is_verified):
        raise Refused(NOT_YET, code="not_yet")
    number, subjects = found.number, [found.about_id] if found.about_id else []
    _emptied(found)
    _rows_gone(found)
    emit(topic=FORGOTTEN, subjects=[], payload={"case": found.pk})
    record(actor=actor, subjects=subjects, code=number)
    return True


def _emptied(case: Case) -> None:
    """First of all: the database lets nothing go of a case that is not forgotten."""
    case.applicant = case.answers = case.people = case.filled = case.signature = {}
    case.account = case.about = None
    case.code_digest, case.forgotten_at = "", clock.now()
    case.save(
        update_fields=[
            "applicant", "answers", "people", "filled", "signature", "account", "about", "code_digest", "forgotten_at",
        ]
    )  # fmt: skip


def _rows_gone(case: Case) -> None:
    Attachment.objects.filter(case=case).delete()
    Draft.objects.filter(case=case).delete()
    for model in apps.get_app_config("applications").get_models():
        for promise in model._meta.constraints:
            if isinstance(promise, RowsGo | StaysUntilForgotten):
                model._base_manager.filter(case=case).delete()
            elif isinstance(promise, OnlyForgets):
                model._base_manager.filter(case=case).update(**_nothing(model, promise))
    case.holds.update(reason="-")
    bundle = case.bundle_id
    if bundle is not None and not Case.objects.filter(bundle=bundle, forgotten_at=None).exists():
        Bundle.objects.filter(pk=bundle).update(
            account=None, about=None, applicant={}, answers={}, people={}, token_digest=""
        )
        Reception.objects.filter(bundle=bundle).update(who={}, remark="", identity_document="")


def _nothing(model: type[Model], promise: OnlyForgets) -> dict[str, Any]:
    """What the columns become that a table lets go of."""
    return {name: {} if isinstance(model._meta.get_field(name), JSONField) else "" for name in promise.empties}


@operation("applications.forget_drafts")
def forget_drafts(*, actor: Actor) -> int:
    """Remove drafts that nobody handed in in time, with their files; how many (期限の過ぎた下書きの削除).

    So go bundles and visits to the counter that were broken off.
    """
    rows = Draft.objects.select_for_update(skip_locked=True).filter(expires_at__lt=clock.now(), case=None)
    old = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    Attachment.objects.filter(draft__in=old).delete()
    Draft.objects.filter(pk__in=old).delete()
    sweep_bundles()
    record(actor=actor, code=str(len(old)))
    return len(old)


@operation("applications.hold")
def hold(*, actor: Actor, case: int, reason: str) -> Hold:
    """Mark a case as in dispute: it is kept until somebody lifts the mark (争訟中の印). Raises Refused for a second."""
    if not reason.strip():
        raise Refused(NO_REASON, field="reason", code="no_reason")
    found = Case.objects.select_for_update().get(pk=case, forgotten_at=None)
    made = Hold.objects.create(
        case=found, reason=reason.strip()[:200], placed_at=clock.now(), placed_by=actor.actor_id
    )  # fmt: skip
    record(actor=actor, code=found.number)
    return made


@operation("applications.lift_hold")
def lift_hold(*, actor: Actor, case: int) -> Hold:
    """Take the mark off (争訟中の印を外す). Raises Refused where there is none."""
    found = Hold.objects.select_for_update().filter(case=case, lifted_at=None).first()
    if found is None:
        raise Refused(NOT_HELD, code="not_held")
    found.lifted_at, found.lifted_by = clock.now(), actor.actor_id
    found.save(update_fields=["lifted_at", "lifted_by"])
    record(actor=actor, code=found.case.number)
    return found


@operation("applications.set_period")
def set_period(*, actor: Actor, outcome: str, years: int) -> KeepingPeriod:
    """Say for this town how long cases are kept that ended in one way (保存期間の設定). Raises Refused."""
    if outcome not in outcomes() or not 1 <= years <= 100:
        raise Refused(BAD_PERIOD, code="bad_period")
    made = KeepingPeriod.objects.create(outcome=outcome, years=years, set_at=clock.now())
    record(actor=actor, code=f"{outcome}={years}")
    return made
