"""Who came and went by where from and where to (転入・転出の内訳).

Counted from the same acts as the month's counts, so that both agree in every month.
"""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db import connection

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.counts import ACTS, BESIDE_BEFORE, HAS_MOVED, REGISTERED, next_month

FLOWS = f"""
    {ACTS}
    SELECT after.reason, after.status, after.sex, before.status, before.sex,
           now.address_before_prefecture,
           COALESCE(NULLIF(now.confirmed_destination_prefecture, ''), now.planned_destination_prefecture), count(*)
    {BESIDE_BEFORE}
    JOIN residents_residentrecord AS now ON now.addressee_id = after.addressee_id AND now.serial = after.serial
    {HAS_MOVED} GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
IN, OUT = "in", "out"
SAME, OUTSIDE, OTHER, NATURAL = "prefecture", "outside", "other", "natural"
_MOVES = {IN: frozenset({"move_in", "move_in_from_abroad"}), OUT: frozenset({"move_out", "move_out_abroad"})}
_NATURAL = {IN: "birth", OUT: "death"}


class Flow(NamedTuple):
    """One way in or out: direction, where (this prefecture, outside, other, birth or death), sex (動態の区分)."""

    direction: str
    where: str
    sex: str


def flows(first: date) -> Counter[Flow]:
    """Everybody who came or went by acts processed in the month that begins on ``first`` (動態)."""
    own = Municipality.objects.get(pk=wall.current()).prefecture
    found: Counter[Flow] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(FLOWS, {"first": first, "next": next_month(first)})
        for reason, status, sex, status_before, sex_before, came_from, goes_to, count in cursor.fetchall():
            if status == REGISTERED:
                found[Flow(IN, _where(reason, IN, came_from == own), sex)] += count
            if status_before == REGISTERED:
                found[Flow(OUT, _where(reason, OUT, goes_to == own), sex_before)] += count
    return found


def _where(reason: str, direction: str, is_same_prefecture: bool) -> str:
    if reason == _NATURAL[direction]:
        return NATURAL
    if reason not in _MOVES[direction]:
        return OTHER
    return SAME if is_same_prefecture else OUTSIDE
