"""Giving numbers that nobody ever had (付番)."""

from municipal.addressees.models import NumberSeries
from municipal.core.clauses import implements
from municipal.core.numbers import next_number

ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, MEASURE_NUMBERS = "addressee", "household", "measure"
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
