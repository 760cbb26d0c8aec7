"""A case for trainers to work on, in a made-up town (研修用の支援措置)."""

from datetime import date, datetime, time, timedelta

from municipal.core import clock
from municipal.core.actors import System

from .models import MeasureKind, MeasureStatus, MeasureStep, MeasureStepKind, Protection, SupportMeasure
from .operations import forward_measure, name_perpetrator
from .operations.numbers import MEASURE_NUMBERS, give_number
from .rules import last_day_of_support

ACTOR = System("made-up clerk", actor_id=1)


def open_cases(as_of: date) -> None:
    """Give those whom the made-up town protects a case whose period ends within a month (研修用の支援措置の登録).

    Runs inside the town, once. The rows are of a year ago, as if the case had been kept since then.
    """
    waiting = list(Protection.objects.filter(measure=None, lifted_on=None).order_by("addressee__number"))
    if not waiting or SupportMeasure.objects.exists():
        return
    measure = SupportMeasure.objects.create(number=give_number(MEASURE_NUMBERS))
    starts_on = as_of - timedelta(days=350)
    applied_on = starts_on - timedelta(days=10)
    said = {
        "kind": MeasureKind.VIOLENCE, "applied_on": applied_on, "consulting_body": "架空警察署",
        "consulted_on": applied_on, "provisional_from": applied_on, "contact_phone": "000-0000-0000",
    }  # fmt: skip
    _step(measure, 1, MeasureStepKind.APPLIED, applied_on, status=MeasureStatus.PROVISIONAL, **said)
    ends_on = last_day_of_support(starts_on)
    period = {"starts_on": starts_on, "ends_on": ends_on}
    _step(measure, 2, MeasureStepKind.STARTED, starts_on, status=MeasureStatus.RUNNING, **said, **period)
    for index, one in enumerate(waiting):
        Protection.objects.create(
            addressee_id=one.addressee_id, measure=measure, is_own=not index, relation="子" if index else "",
            starts_on=applied_on,
        )  # fmt: skip
    name_perpetrator(actor=ACTOR, number=measure.number, name="架空　加害", other="研修用の架空の人物")
    forward_measure(actor=ACTOR, number=measure.number, to="見本市", forwarded_on=min(applied_on, clock.today()))


def _step(measure: SupportMeasure, serial: int, step: str, day: date, **said: object) -> None:
    noon = datetime.combine(day, time(12), tzinfo=clock.TOKYO)
    MeasureStep.objects.create(measure=measure, serial=serial, step=step, recorded_at=noon, **said)
