"""Support measures as they stand: whose, until when, with what alert (支援措置の照会)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

from .models import MeasureStatus, MeasureStep, Protection, SupportMeasure
from .rules import Due, due, last_day_open_to_extension


@dataclass(frozen=True)
class Standing:
    """What the mark on a record says: provisional or running, until when, how near the end (支援措置の状態).

    ``measure`` is the number of the case, empty where only the mark came along.
    """

    measure: str
    status: str
    ends_on: date | None
    due: Due


def newest_steps() -> QuerySet[MeasureStep]:
    """Every case as it stands: its step with the highest serial (支援措置の現在)."""
    last = MeasureStep.objects.filter(measure=OuterRef("measure")).order_by("-serial").values("pk")[:1]
    return MeasureStep.objects.filter(pk=Subquery(last)).select_related("measure")


def case(number: str) -> MeasureStep:
    """The case with ``number`` as it stands (支援措置の照会). Raises Refused where there is none."""
    found = newest_steps().filter(measure__number=number).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise Refused("この支援措置は見つかりません。一覧から選び直してください。", code="not_found")
    return found


def in_force() -> QuerySet[Protection]:
    """Everybody who is covered: nothing but lifting ends it (支援対象者)."""
    return Protection.objects.filter(lifted_on__isnull=True)


@implements("resident-record/1.0#2.2.4/m1", "resident-record/1.0#3.4/m7", "resident-record/1.0#3.4/m8")
def standing_of(people: Collection[int]) -> dict[int, Standing]:
    """What the mark says of those of ``people`` (addressee ids) who are covered (支援措置の表示).

    A case speaks before a bare mark, a running one before a provisional one, and of those the one that ends last.
    """
    rows = list(in_force().filter(addressee__in=people).select_related("measure"))
    cases = newest_steps().filter(measure__in={row.measure_id for row in rows if row.measure_id})
    steps = {step.measure_id: step for step in cases}
    found: dict[int, Standing] = {}
    for row in rows:
        said = _standing(row, steps.get(row.measure_id) if row.measure_id else None)
        if row.addressee_id not in found or _rank(said) > _rank(found[row.addressee_id]):
            found[row.addressee_id] = said
    return found


def _standing(row: Protection, step: MeasureStep | None) -> Standing:
    today = clock.today()
    if step is None:
        return Standing("", MeasureStatus.RUNNING, row.ends_on, due(row.ends_on, today))
    return Standing(step.measure.number, step.status, step.ends_on, due(step.ends_on, today))


def _rank(said: Standing) -> tuple[bool, bool, date, str]:
    return (bool(said.measure), said.status == MeasureStatus.RUNNING, said.ends_on or date.max, said.measure)


@implements("resident-record/1.0#9.2/m1")
def listed(which: str = "") -> QuerySet[MeasureStep]:
    """Cases that are not ended: all, those that end within a month, or those whose period has passed (一覧)."""
    steps = newest_steps().exclude(status=MeasureStatus.ENDED).order_by("ends_on", "measure__number")
    today = clock.today()
    if which == Due.PASSED:
        return steps.filter(ends_on__lt=today)
    if which == Due.ENDING:
        return steps.filter(ends_on__gte=today, ends_on__lte=last_day_open_to_extension(today))
    return steps


@implements("resident-record/1.0#9.2/m1")
def ending_by(day: date) -> list[tuple[int, date]]:
    """Who is covered until ``day`` at the latest, past periods too, with the last day (期間の終わる対象者)."""
    people = in_force().values_list("addressee_id", flat=True)
    found = [(person, said.ends_on) for person, said in standing_of(set(people)).items() if said.ends_on]
    return sorted(((person, last) for person, last in found if last <= day), key=lambda one: (one[1], one[0]))


def covered_by(measure: SupportMeasure) -> QuerySet[Protection]:
    """Everybody whom a case covers or covered, the applicant first (対象者)."""
    return measure.protections.select_related("addressee").order_by("-is_own", "pk")


def cases_of(addressee: int) -> QuerySet[MeasureStep]:
    """Every case that covers or covered a person, ended ones too (その人の支援措置)."""
    return newest_steps().filter(measure__protections__addressee=addressee).distinct().order_by("measure__number")


def knows_as_perpetrator(addressee: int) -> Q:
    """Cases in which a person of this municipality is named as perpetrator (加害者としての登録)."""
    return Q(measure__perpetrators__addressee=addressee, measure__perpetrators__recorded__endswith__isnull=True)
