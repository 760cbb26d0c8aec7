"""Giving a code from the stock to whoever needs one (住民票コードの自動付番; resident-record/1.0#4.3.1)."""

from dataclasses import replace
from secrets import randbelow

from municipal.core.clauses import implements
from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.numbers.operations import unused_code
from municipal.residents.models import OPEN, Draft, ResidentRecord
from municipal.residents.notices import Notice, Said

FICTIONAL = "999"
"""No real resident-record code begins so: what a made-up town is offered."""


@implements("resident-record/1.0#4.3.1/m2")
def with_codes(notice: Notice) -> Notice:
    """The notice, with a code from the stock for everybody who has none yet or asked for another (自動付番).

    A code that an open entry names is not offered again. Where the stock is empty, the notice stays as it is.
    """
    needing = [index for index, one in enumerate(notice.people) if _needs_one(notice, one)]
    if not needing:
        return notice
    people, taken = list(notice.people), codes_in_open_entries()
    for index in needing:
        code = unused_code(besides=taken)
        if code is None:
            break
        taken.add(code)
        people[index] = replace(people[index], items={**people[index].items, "resident_code": code})
    return replace(notice, people=tuple(people))


def _needs_one(notice: Notice, one: Said) -> bool:
    """Who moves in from another municipality has a code: it is on the certificate they bring, and is asked for.

    A child without a name yet was born since, and has none.
    """
    is_named = bool(one.items.get("name"))
    comes_with_one = notice.act.startswith("move_in") and bool(notice.came_from.get("city")) and is_named
    is_new = not one.number and not comes_with_one
    return (is_new or notice.act == "resident_code_change") and not one.items.get("resident_code")


def codes_in_open_entries() -> set[str]:
    """Codes that are promised to somebody by an entry that waits for its decision."""
    notices = Draft.objects.filter(state__in=OPEN).values_list("notice", flat=True)
    people = (one.get("items", {}) for notice in notices for one in notice.get("people", ()))
    return {items["resident_code"] for items in people if items.get("resident_code")}


def made_up_code() -> str:
    """A resident-record code for a made-up town that nobody in it has, of random digits (架空の住民票コード)."""
    while True:
        code = RESIDENT_RECORD_CODE.of(f"{FICTIONAL}{randbelow(10**7):07}")
        if not ResidentRecord.objects.filter(resident_code=code).exists():
            return code
