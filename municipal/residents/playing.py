"""Plays the years of a made-up town as an office lives them: every act entered, decided, on its day (架空の町の上演).

Only the population a town begins with is loaded at once. Clerk and chief are nobody: two actors of the system. The
clock is stopped at the moment at which the generator says the office worked; it goes back between people, never for
one of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from fixtures.town import Deed, Line, Person, State
from fixtures.town.deeds import FOUNDING, REMOVAL
from fixtures.town.items import items
from municipal.addressees.models import Addressee, NumberSeries
from municipal.addressees.operations import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, NUMBER_WIDTH, protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import number_of
from municipal.core.refusals import Refused

from .loading import Life, Loader, Row
from .models import Basis
from .notices import ITEMS, PARTS, Notice, Said, item_value
from .operations import decide, enter, remove_announced
from .rules.kinship import HEAD

CLERK, CHIEF = System("made-up clerk", actor_id=1), System("made-up chief", actor_id=2)
OFFICE_OPENS, OFFICE_CLOSES = time(9, 0, tzinfo=clock.TOKYO), time(17, 0, tzinfo=clock.TOKYO)
SEATING = frozenset({"move_in", "birth", "move_within", "household_split", "household_merger", "householder_change"})
"""Acts that seat people anew: they are told the relationships; the head's name and the order follow."""
_SEAT = frozenset({"relationship", "head_name", "member_order"})
_OF_THE_ACT = ("address_", "planned_destination_", "confirmed_destination_", "move_out_", "removal_", "entry_")
_FOLLOWING = frozenset(
    {
        "reason", "event_on", "notified_on", "notice_on", "arrival_notice_on", "removed_on", "became_resident_on",
        "revised_on",
    }
)  # fmt: skip
SAYABLE = tuple(name for name in ITEMS if not name.startswith(_OF_THE_ACT) and name not in _FOLLOWING)
"""Items that a notice says of a person; all others follow from what the act is."""


def number(serial: int) -> str:
    """The addressee or household number with this serial (番号)."""
    return number_of(serial, NUMBER_WIDTH)


def row_of(state: State) -> Row:
    """A row of the made-up town as it is loaded (履歴行)."""
    return Row(items(state), number(state.household_serial), state.valid_from, _moment(state), state.corrects)


def life_of(person: Person, as_of: date) -> Life:
    """Somebody of the made-up town as ``Loader`` takes them (本人)."""
    since = min(as_of, person.states[-1].processed_on) if person.protected else None
    return Life(number(person.serial), [row_of(state) for state in person.states], protected_from=since)


def last_numbers(person: int, household: int) -> None:
    """Numbers are given from behind these serials on (付番の続き)."""
    for series, last in ((ADDRESSEE_NUMBERS, person), (HOUSEHOLD_NUMBERS, household)):
        NumberSeries.objects.update_or_create(series=series, defaults={"last_serial": last})


def begin(blocks: Iterable[Sequence[Deed]]) -> None:
    """Load the people with whom each block of a town begins; the numbers between them are given later (改製).

    Runs inside the municipality that is open.
    """
    loader = Loader()
    for deeds in blocks:
        lines = [line for deed in deeds if deed.act == FOUNDING for line in deed.lines]
        loader.load([Life(number(line.person), [row_of(line.state)]) for line in lines])


def after(acts: int, deeds: Iterable[Deed]) -> Iterator[Deed]:
    """The deeds behind the first so many ``acts``, each of which made one event (上演の続き)."""
    for deed in deeds:
        if acts <= 0:
            yield deed
        elif deed.act != FOUNDING:
            acts -= 1


def play(deeds: Iterable[Deed]) -> int:
    """Do ``deeds`` one after the other inside the municipality that is open; returns how many acts there were (上演).

    Those with whom it begins are there. Raises Refused where the register does not take an act: then the made-up town
    breaks a rule, or a rule is wrong.
    """
    acts = 0
    for is_founding, some in groupby(deeds, lambda deed: deed.act == FOUNDING):
        if is_founding:
            lines = [line for deed in some for line in deed.lines]
            last_numbers(max(line.person for line in lines), max(line.state.household_serial for line in lines))
            continue
        for deed in some:
            with clock.stopped_at(_moment(deed.lines[0].state)):
                _carry_out(deed)
            acts += 1
    return acts


def protect_as_told(people: Iterable[Person], as_of: date) -> None:
    """Withhold the addresses of those whom the town protects, as loading a whole town does (支援措置)."""
    with clock.stopped_at(datetime.combine(as_of, OFFICE_CLOSES)):
        for person in people:
            since = life_of(person, as_of).protected_from if person.protected else None
            if since is not None:
                addressee = Addressee.objects.get(number=number(person.serial))
                protect(actor=CLERK, addressee=addressee, starts_on=since, ends_on=None, is_own=True)


def _moment(state: State) -> datetime:
    return state.recorded_at or datetime.combine(state.processed_on, OFFICE_OPENS)


def _carry_out(deed: Deed) -> None:
    if deed.act == REMOVAL:
        remove_announced(actor=CLERK)
        return
    notice = notice_of(deed)
    while True:
        try:
            draft = enter(actor=CLERK, notice=notice)
        except Refused as refused:
            # A made-up clerk looks at every alert and goes on.
            what, _, alert = refused.code.partition(":")
            if what != "unconfirmed":
                raise
            notice = notice.confirming(alert)
        else:
            break
    decide(actor=CHIEF, draft=draft.pk)


def notice_of(deed: Deed) -> Notice:
    """What a clerk would have entered to get the rows of ``deed`` (届書).

    The row of somebody who becomes head because nobody else is left follows from the act and is not told.
    """
    own = [
        line
        for line in deed.lines
        if line.state.event_reason != "householder_change" or deed.act == "householder_change"
    ]
    first = own[0].state
    said = [_said(deed.act, line) for line in own]
    is_change = deed.act == "householder_change"
    others = [one for one in said if is_change and one.items["relationship"] != HEAD]
    row = items(first)
    told = first.event_notified_on or first.event_notice_on
    return Notice(
        act=deed.act,
        event_on=first.event_date,
        notified_on=told,
        basis=_basis(first).value,
        people=tuple(one for one in said if one not in others),
        others=tuple(others),
        joins=number(deed.joins) if deed.joins else "",
        place=_place(row, _PLACES[deed.act]) if deed.act in _PLACES and not deed.joins else {},
        came_from=_place(row, "address_before") if deed.act == "move_in" else {},
        corrects=first.corrects,
    )


_PLACES = {
    "move_in": "address", "move_within": "address", "move_out": "planned_destination",
    "arrival_notice": "confirmed_destination",
}  # fmt: skip
"""Which address of a row the notice of an act tells."""


def _basis(state: State) -> Basis:
    if state.event_notified_on:
        return Basis.NOTICE
    return Basis.MUNICIPALITY if state.event_notice_on else Basis.EX_OFFICIO


def _place(row: Mapping[str, Any], group: str) -> dict[str, str]:
    return {part: row[f"{group}_{part}"] for part in PARTS if row.get(f"{group}_{part}")}


def _said(act: str, line: Line) -> Said:
    """What the notice says of one person: whatever differs from the row before and does not follow from the act."""
    after, before = items(line.state), items(line.before) if line.before else {}
    told = {name for name in after.keys() & set(SAYABLE) if after[name] != before.get(name, ITEMS[name].get_default())}
    if act in SEATING:
        told = told - _SEAT | {"relationship"}
    fresh = line.before is None
    return Said("" if fresh else number(line.person), {name: item_value(name, after[name]) for name in sorted(told)})
