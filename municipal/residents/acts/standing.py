"""How people and households stand now, as acts ask it (異動前の状態)."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Household, Period, ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.rules.days import refuse_out_of_order

RESIDENT = LifeState.RESIDENT.value


def record_of(number: str) -> ResidentRecord:
    """The newest row of the person with addressee number ``number``. Raises Refused for nobody."""
    records = ResidentRecord.objects.select_related("addressee", "household")
    found = records.filter(addressee__number=number).order_by("-serial").first() if number else None
    if found is None:
        raise Refused(
            "この宛名番号の住民は見つかりません。番号を確かめてください。", field="people", code="no_such_person"
        )
    return found


def resident(said: Said) -> ResidentRecord:
    """The newest row of somebody who lives here. Raises Refused for anybody else."""
    found = record_of(said.number)
    if found.status != RESIDENT:
        raise Refused(
            "この方は現在の住民ではありません。対象者を選び直してください。", field="people", code="not_a_resident"
        )
    return found


@implements("resident-record/1.0#4.0.1/m1", "resident-record/1.0#4.0.1/m2")
def residents(people: tuple[Said, ...]) -> list[ResidentRecord]:
    """The newest rows of ``people``, all of one household. Raises Refused for none, somebody twice, or two homes."""
    if not people:
        raise Refused("異動する人を選んでください。", field="people", code="nobody")
    found = [resident(one) for one in people]
    refuse_twice([one.addressee_id for one in found])
    if len({one.household_id for one in found}) > 1:
        raise Refused(
            "別の世帯の人は、一つの届で異動できません。世帯ごとに入力してください。", field="people", code="two_homes"
        )
    return found


def refuse_twice(people: Collection[object]) -> None:
    """Raise Refused where somebody, known by a number or a key, is named twice."""
    if len(set(people)) < len(people):
        raise Refused("同じ人が二度選ばれています。", field="people", code="twice")


def household_of(number: str) -> Household:
    """The household with this number, which somebody lives in. Raises Refused for none."""
    found = Household.objects.filter(number=number).first() if number else None
    if found is None or not members_of(found):
        raise Refused(
            "この世帯番号の世帯は見つかりません。番号を確かめてください。", field="joins", code="no_such_household"
        )
    return found


def newest_periods() -> QuerySet[Period]:
    """What holds of everybody from some day on, without end, as known now (現在の記録の時点)."""
    return Period.objects.filter(recorded__endswith__isnull=True, valid__endswith__isnull=True)


def members_of(household: Household) -> list[ResidentRecord]:
    """The newest rows of everybody who lives in ``household`` now, in stored order."""
    current = newest_periods().filter(household=household, is_registered=True)
    current = current.select_related("record__addressee", "record__household")
    return sorted((found.record for found in current), key=lambda one: (one.member_order, one.addressee_id))


def living_at(numbers: Collection[str]) -> dict[str, list[Period]]:
    """What holds now of everybody who lives in these households, by household number, in stored order (世帯の現況)."""
    current = newest_periods().filter(household__number__in=list(numbers), is_registered=True)
    found: dict[str, list[Period]] = {}
    for one in _with_rows(current):
        found.setdefault(one.record.household.number, []).append(one)
    for members in found.values():
        members.sort(key=lambda one: (one.record.member_order, one.addressee_id))
    return found


def standing_of(numbers: Collection[str]) -> dict[str, list[Period]]:
    """What holds now of these people, by addressee number; nobody has more than one (個人の現況)."""
    current = newest_periods().filter(addressee__number__in=list(numbers))
    return {one.record.addressee.number: [one] for one in _with_rows(current)}


def _with_rows(current: QuerySet[Period]) -> QuerySet[Period]:
    return current.select_related("record__addressee", "record__household")


def newest_from(record: ResidentRecord) -> date:
    """Since which day the newest row of a person holds."""
    current = newest_periods().filter(addressee=record.addressee).first()
    return current.valid.lower if current else date.min


def refuse_unless_next(records: list[ResidentRecord], valid_from: date) -> None:
    """The act comes after all that is recorded of these people (異動の順序)."""
    for record in records:
        refuse_out_of_order(valid_from, newest_from(record))


def living_in(households: Iterable[Household]) -> list[int]:
    """Ids of everybody who lives in one of ``households`` now, in the order of ids."""
    current = newest_periods().filter(household__in=list(households), is_registered=True)
    return sorted(current.values_list("addressee", flat=True))
