"""Acts on addressees: a number, a protection (宛名の操作).

Residents' rows follow the register: its operations call these.
"""

from datetime import date

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.numbers import next_number
from municipal.core.refusals import Refused

from .models import Addressee, NumberSeries, Protection

ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS = "addressee", "household"
NUMBER_WIDTH = 10


@implements("resident-record/1.0#1.1.13/m1", "resident-record/1.0#1.1.13/m2")
def give_number(series: str) -> str:
    """The next number of ``series``, never given before (付番).

    Two clerks at once get two numbers: the row of the series is locked until the transaction ends.
    """
    return give_numbers(series, 1)[0]


def give_numbers(series: str, count: int) -> list[str]:
    """The next ``count`` numbers of ``series``, as ``give_number`` would give them (付番)."""
    if not count:
        return []
    row = NumberSeries.objects.select_for_update().get_or_create(series=series)[0]
    numbers = []
    for _ in range(count):
        row.last_serial, number = next_number(row.last_serial, NUMBER_WIDTH)
        numbers.append(number)
    row.save(update_fields=["last_serial"])
    return numbers


@operation("addressees.protect")
def protect(*, actor: Actor, addressee: Addressee, starts_on: date, ends_on: date | None, is_own: bool) -> Protection:
    """Withhold a person's address from everybody from now on (支援措置の開始).

    ``is_own`` is false for those covered because they live with a protected person. Raises Refused if a
    protection is in force.
    """
    protection = Protection.objects.create(addressee=addressee, starts_on=starts_on, ends_on=ends_on, is_own=is_own)
    record(actor=actor, act="addressees.protect", subjects=[addressee.pk], fields=["starts_on", "ends_on"])
    return protection


@operation("addressees.lift_protection")
def lift_protection(*, actor: Actor, addressee: Addressee, lifted_on: date) -> None:
    """End a protection; nothing else does (支援措置の終了; resident-record/1.0#3.1). Raises Refused if none is."""
    lifted = Protection.objects.filter(addressee=addressee, lifted_on__isnull=True).update(lifted_on=lifted_on)
    if not lifted:
        raise Refused("この方には解除できる支援措置がありません。登録の状況を確認してください。", code="not_protected")
    record(actor=actor, act="addressees.lift_protection", subjects=[addressee.pk], fields=["lifted_on"])
