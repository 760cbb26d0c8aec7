"""What the made-up towns of one installation tell each other of people who move (研修用の住基ネット).

It stands for the national network, whose wire is not published, and only between made-up municipalities: certificate
data go to where people said they would move, the notice of arrival comes back. Lines are those of ``received``, so
both sides work with them as with any other. What was told already is seen in the other town itself: telling it again
changes nothing, and a process that dies in between is made up for the next time. Nothing is told of a household in
which anybody is protected: there people take care of it by hand.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from municipal.core import clock
from municipal.core.actors import Actor, System
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .inquiry import withheld
from .models import Received, ReceivedKind, ResidentEvent, ResidentRecord
from .operations import close_received, receive
from .received import COLUMNS, PLACE, waiting

NETWORK = System("neighbours")
LOOKED_BACK = timedelta(days=60)
LEAVING, COMING = ("move_out", "move_out_by_card"), ("move_in", "move_in_by_card")
TAKEN_BACK = "前住所地で転出が取り消された"


@dataclass(frozen=True)
class Told:
    """One line for another town: to whom, of which kind, what it says, and whether it was taken back (通知)."""

    city: str
    kind: str
    said: Mapping[str, str]
    is_cancelled: bool


def tell_neighbours(town: int, *, actor: Actor = NETWORK) -> int:
    """Tell the other made-up towns who is on the way from here to them, and who arrived (通知の送付). How many lines.

    Called outside the wall: each town is opened for itself.
    """
    known = {one.name: one for one in Municipality.objects.filter(is_fictional=True)}
    here = next((one for one in known.values() if one.pk == town), None)
    if here is None or len(known) < 2:
        return 0
    with wall.within(town):
        lines = [one for one in _lines(here) if one.city in known and one.city != here.name]
    return sum(_kept(actor, known[city].pk, [one for one in lines if one.city == city]) for city in known)


def _kept(actor: Actor, town: int, lines: Iterable[Told]) -> int:
    told = list(lines)
    if not told:
        return 0
    with wall.within(town):
        for kind in {one.kind for one in told}:
            _close(actor, kind, [one for one in told if one.kind == kind and one.is_cancelled])
        new = [one for one in told if not one.is_cancelled and not _is_known(one)]
        for kind in sorted({one.kind for one in new}):
            receive(actor=actor, kind=kind, text=_file(kind, [one.said for one in new if one.kind == kind]))
        return len(new)


def _is_known(one: Told) -> bool:
    return bool(
        Received.objects.filter(
            kind=one.kind, key=one.said["resident_code"], noticed_on=one.said["noticed_on"], sender=one.said["sender"]
        ).exists()
    )


def _close(actor: Actor, kind: str, gone: list[Told]) -> None:
    for one in gone:
        rows = waiting(kind).filter(
            key=one.said["resident_code"], sender=one.said["sender"], noticed_on=one.said["noticed_on"]
        )
        for row in rows:
            close_received(actor=actor, received=row.pk, because=TAKEN_BACK)


def _file(kind: str, said: Iterable[Mapping[str, str]]) -> str:
    file, columns = io.StringIO(), COLUMNS[kind]
    writer = csv.writer(file)
    writer.writerow(columns.values())
    writer.writerows([one.get(name, "") for name in columns] for one in said)
    return file.getvalue()


def _lines(here: Municipality) -> Iterator[Told]:
    """What this town has to tell of the last days, cancelled acts too: they are taken back."""
    since, hidden = clock.today() - LOOKED_BACK, withheld()
    acts = ResidentEvent.objects.filter(act__in=(*LEAVING, *COMING), processed_on__gte=since).order_by("pk")
    for event in acts.prefetch_related("cancellations"):
        if hidden.isdisjoint(event.subjects):
            rows = ResidentRecord.objects.filter(event=event, reason__in=("move_out", "move_in")).order_by("pk")
            yield from (_of(row, event, here) for row in rows)


def _of(row: ResidentRecord, event: ResidentEvent, here: Municipality) -> Told:
    is_leaving, home = event.act in LEAVING, {part: getattr(row, f"address_{part}") for part in PLACE}
    city = row.planned_destination_city if is_leaving else row.address_before_city  # type: ignore[attr-defined]
    said = {
        "noticed_on": event.processed_on.isoformat(), "sender": here.name, "resident_code": row.resident_code,
        "name": row.name, "born_on": str(row.born_on), **home,
    }  # fmt: skip
    if is_leaving:
        own = ("name_kana", "sex", "relationship", "domicile", "register_head")
        said |= {name: getattr(row, name) for name in own}
        said["planned_on"] = row.move_out_planned_on.isoformat() if row.move_out_planned_on else ""
    else:
        said["event_on"] = str(row.event_on)
    kind = ReceivedKind.MOVE_OUT if is_leaving else ReceivedKind.ARRIVAL
    return Told(city, kind.value, said, any(event.cancellations.all()))
