"""The one question every process asks before it goes on: is it held back for these people? (抑止の判定).

``decide`` here knows people and numbers of households. Who knows the register asks ``residents.suppression.decide``,
which adds the households by itself; certificates and extracts ask that one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

from .measures import standing_of
from .models import Addressee, Level, MeasureStatus, Process, Suppression, TemporaryRelease

LEVELS_OF_MEASURE: Mapping[str, str] = {
    Process.ISSUE: Level.ERROR, Process.EVENT: Level.ALERT, Process.INQUIRY: Level.ALERT,
}  # fmt: skip
"""What a support measure suppresses, and how strongly: copies are stopped, the rest warns (#3.4)."""

SENTENCES = {
    "measure": _("支援措置の対象者が含まれています（宛名番号 %(number)s）。責任者の審査を受けてください。"),
    "provisional": _("仮支援措置の対象者が含まれています（宛名番号 %(number)s）。責任者の審査を受けてください。"),
    "suppression": _("抑止の対象者が含まれています（宛名番号 %(number)s）。責任者に確認してください。"),
}
"""By the code of the ground. They name the number only: neither the address nor why somebody is protected."""


@dataclass(frozen=True)
class Ground:
    """Why a process is held back for one person: by what, and how strongly (抑止の根拠).

    ``is_released``: it would be an error, but somebody let it through for some minutes; it is an alert until then.
    """

    addressee: int
    number: str
    code: str
    level: Level
    is_released: bool = False

    def refusal(self) -> Refused:
        """The ground as the refusal that a clerk reads (抑止の拒否)."""
        return Refused(SENTENCES[self.code], code=f"suppressed:{self.code}", number=self.number)


@dataclass(frozen=True)
class Decision:
    """What follows from all the grounds together (抑止の判定結果)."""

    grounds: tuple[Ground, ...] = ()

    @property
    def errors(self) -> tuple[Ground, ...]:
        """The grounds that stop the process."""
        return tuple(one for one in self.grounds if one.level == Level.ERROR)

    @property
    def alerts(self) -> tuple[Ground, ...]:
        """The grounds that a clerk must see and confirm."""
        return tuple(one for one in self.grounds if one.level == Level.ALERT)

    def refuse_errors(self) -> None:
        """Raise Refused with the first ground that stops the process, if there is one (エラーの拒否)."""
        for ground in self.errors:
            raise ground.refusal()


@implements("resident-record/1.0#3.1/m2", "resident-record/1.0#3.1/m8", "resident-record/1.0#3.1/m10")
def decide(process: str, people: Collection[int], *, households: Mapping[int, str] | None = None) -> Decision:
    """Whether ``process`` is held back for ``people`` (addressee ids) today, by what and how strongly (抑止の判定).

    ``households``: addressee id to household number, for suppressions of whole households. Nothing ends by itself:
    a last day that has passed still holds; a temporary release opens only its own person and process.
    """
    homes = households or {}
    found = [*_by_measures(process, people), *_by_suppressions(process, people, homes)]
    released = released_among(process, {one for one, *_ in found})
    numbers = dict(Addressee.objects.filter(pk__in={one for one, *_ in found}).values_list("pk", "number"))
    grounds = [_ground(one, numbers[one], code, level, one in released) for one, code, level in found]
    return Decision(
        tuple(sorted((one for one in grounds if one), key=lambda one: (one.level != Level.ERROR, one.number)))
    )


def _ground(person: int, number: str, code: str, level: str, is_released: bool) -> Ground | None:
    if not is_released:
        return Ground(person, number, code, Level(level))
    # Whoever let a supported person's process through still sees that it is one: protection is always evident.
    return None if code == "suppression" else Ground(person, number, code, Level.ALERT, is_released=True)


def _by_measures(process: str, people: Collection[int]) -> Iterator[tuple[int, str, str]]:
    for person, standing in standing_of(people).items():
        is_provisional = standing.status == MeasureStatus.PROVISIONAL
        yield person, "provisional" if is_provisional else "measure", LEVELS_OF_MEASURE[process]


def _by_suppressions(
    process: str, people: Collection[int], households: Mapping[int, str]
) -> Iterator[tuple[int, str, str]]:
    rows = in_force().filter(process=process)
    rows = rows.filter(Q(addressee__in=people) | Q(household_number__in=set(households.values()) - {""}))
    for person_id, household, level in rows.values_list("addressee", "household_number", "level"):
        if person_id is not None:
            yield person_id, "suppression", level
        else:
            yield from ((one, "suppression", level) for one, home in households.items() if home == household)


def in_force() -> QuerySet[Suppression]:
    """Suppressions that have begun and that nobody has lifted, whatever their last day (抑止中)."""
    return Suppression.objects.filter(starts_on__lte=clock.today(), lifted_on__isnull=True)


@implements("resident-record/1.0#3.1/m5")
def released_among(process: str, people: Collection[int]) -> set[int]:
    """Those of ``people`` for whom somebody let ``process`` through and whose minutes are not over (一時解除中)."""
    now = clock.now()
    rows = TemporaryRelease.objects.filter(addressee__in=people, process=process, released_at__lte=now, until__gt=now)
    return set(rows.values_list("addressee_id", flat=True))


def suppressed_among(households: Mapping[int, str]) -> set[int]:
    """Those for whom any process is held back by a suppression of its own, given everybody's household (抑止中の人)."""
    rows = in_force().filter(Q(addressee__in=households) | Q(household_number__in=set(households.values()) - {""}))
    held: set[tuple[int | None, str]] = set(rows.values_list("addressee", "household_number"))
    return {person for person, home in households.items() if (person, "") in held or (None, home) in held}
