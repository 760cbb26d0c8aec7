"""Closing a day, and opening it again with a trace (日締め・締め直し)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum

from municipal.audit.operations import operation, record
from municipal.batches.models import DayClosing, DayReopening
from municipal.certificates.models import CertificateIssue, Disposal
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentEvent


@dataclass(frozen=True)
class DayFigures:
    """What the system says of a day: acts by processing day, certificates by day of issue; yen (その日の件数)."""

    acts: int
    certificates: int
    disposed: int
    fee_yen: int
    refunded_yen: int

    @property
    def expected_yen(self) -> int:
        """What should be in the till."""
        return self.fee_yen - self.refunded_yen


def figures(day: date) -> DayFigures:
    """The day as the system stands now (集計)."""
    issued = CertificateIssue.objects.filter(issued_on=day)
    back = Disposal.objects.filter(disposed_at__date=day)
    return DayFigures(
        acts=ResidentEvent.objects.filter(processed_on=day).count(),
        certificates=issued.count(),
        disposed=back.count(),
        fee_yen=issued.aggregate(yen=Sum("fee_yen"))["yen"] or 0,
        refunded_yen=back.aggregate(yen=Sum("refunded_yen"))["yen"] or 0,
    )


def standing(day: date) -> DayClosing | None:
    """The closing of a day that counts; None for a day that is open (有効な日締め)."""
    return DayClosing.objects.filter(day=day, reopening=None).first()


def has_moved(closing: DayClosing) -> bool:
    """Whether the day no longer is what was closed: something was processed after it (締め後の動き)."""
    now = figures(closing.day)
    return any(getattr(closing, name) != getattr(now, name) for name in now.__dataclass_fields__)


@operation("batches.close_day")
def close_day(*, actor: Actor, day: date, cash_yen: int, explanation: str = "") -> DayClosing:
    """Close a day with the cash that was counted by hand (日締め).

    Raises Refused for a day to come, one that is closed, and a difference without its explanation.
    """
    if day > clock.today():
        raise Refused("これからの日は締められません。", field="day", code="day_to_come")
    explanation = explanation.strip()
    refuse_unstorable(explanation, 500, "explanation", is_multiline=True)
    if standing(day) is not None:
        raise Refused("この日はすでに締められています。", field="day", code="day_is_closed_once_at_a_time")
    now = figures(day)
    if cash_yen != now.expected_yen and not explanation:
        raise Refused(
            "現金と手数料が合いません。差異の理由を入力してください。",
            field="explanation",
            code="difference_is_explained",
        )
    last = DayClosing.objects.filter(day=day).aggregate(last=Max("serial"))["last"] or 0
    made = DayClosing.objects.create(
        day=day, serial=last + 1, cash_yen=cash_yen, explanation=explanation, closed_at=clock.now(),
        closed_by_kind=actor.actor_kind, closed_by_id=actor.actor_id,
        **{name: getattr(now, name) for name in now.__dataclass_fields__},
    )  # fmt: skip
    record(actor=actor, code=f"{day}:{made.serial}")
    return made


@operation("batches.reopen_day")
def reopen_day(*, actor: Actor, day: date, because: str) -> DayReopening:
    """The closing of a day no longer counts; both stay readable (締めの解除). Raises Refused without a reason."""
    because = because.strip()
    if not because:
        raise Refused("締めを解除する理由を入力してください。", field="because", code="reopening_has_a_reason")
    refuse_unstorable(because, 200, "because")
    closing = standing(day)
    if closing is None:
        raise Refused("この日は締められていません。", field="day", code="day_is_open")
    made = DayReopening.objects.create(
        closing=closing, because=because, reopened_at=clock.now(), reopened_by_kind=actor.actor_kind,
        reopened_by_id=actor.actor_id,
    )  # fmt: skip
    record(actor=actor, code=f"{day}:{closing.serial}")
    return made
