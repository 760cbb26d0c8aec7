"""What need not be asked: who somebody is, by the register, a card or received move-out data (窓口の引用元)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.applications.prefill import HELD, Filled, digest_of
from municipal.core.dates import RegisterDate
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Entry
from municipal.residents import inquiry
from municipal.residents.models import Received, ReceivedKind
from municipal.residents.received import PLACE, notice_of, waiting
from municipal.residents.shown import written

REGISTER, CARD, RECEIVED, HEARD = "register", "card", "received", "heard"
TOLD = frozenset({"received.move_out", "household.members", "record.identity", "record"})
"""Held items of an entry that received move-out data answer of newcomers; nothing is used again without a law."""
ITEMS = {"name": "氏名", "name_kana": "フリガナ", "born_on": "生年月日", "sex": "性別", "relationship": "続柄"}
"""What is taken of everybody, as the applicant reads it."""


@dataclass(frozen=True)
class Taken:
    """One value that is not typed: what it is, how it reads (引用した値)."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Member:
    """Somebody of whom a source speaks (引用元の人).

    ``key``: in forms and in ``Reception.who``; ``number``: of the addressee, empty for a newcomer; ``address``: where
    they live now as far as it may be said; ``planned_on``: the day on which a newcomer meant to move.
    """

    key: str
    source: str
    as_of: date
    name: str
    kana: str
    born_on: str
    number: str = ""
    addressee: int | None = None
    address: str = ""
    is_protected: bool = False
    planned_on: date | None = None
    taken: tuple[Taken, ...] = field(default=())

    @property
    def person(self) -> dict[str, str]:
        """The same as a form names people in answers (回答の中の人)."""
        said = {"name": self.name, "kana": self.kana, "born_on": self.born_on}
        return {name: value for name, value in said.items() if value}

    def age_on(self, day: date) -> int | None:
        """Full years on a day; None where the birth date is not known whole (年齢)."""
        if not self.born_on:
            return None
        born = date.fromisoformat(self.born_on)
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _day(value: RegisterDate | None) -> str:
    return value.date.isoformat() if value is not None and value.date is not None else ""


@prints_addresses("desk.sources", Purpose.SCREEN)
def _registered(number: str, source: str, today: date) -> Member | None:
    found = inquiry.person(number)
    if found is None:
        return None
    row = found.record
    address = address_for(Purpose.SCREEN, vars(row), "address", is_protected=found.is_protected)
    taken = [Taken(name, label, written(name, getattr(row, name), kind=row.kind)) for name, label in ITEMS.items()]
    if address.text:
        taken.append(Taken("address", "住所", address.text))
    return Member(
        f"p{number}", source, today, row.name, row.name_kana, _day(row.born_on), number, found.addressee.pk,
        address.text, found.is_protected, None, tuple(one for one in taken if one.text),
    )  # fmt: skip


def _received(row: Received, hidden: Iterable[int]) -> Member:
    notice = notice_of(row)
    said = {**notice.people[0].items} if notice.people else {}
    is_hidden = row.addressee_id is not None and row.addressee_id in hidden
    # Of somebody who comes back, the register's own name goes before the notice; here both are only shown.
    name, kana = row.said.get("name", ""), row.said.get("name_kana", "")
    born = said.get("born_on") or _entered(row.said.get("born_on", ""))
    taken = [Taken("name", ITEMS["name"], name), Taken("name_kana", ITEMS["name_kana"], kana)]
    taken += [
        Taken(one, ITEMS[one], written(one, value, kind="1"))
        for one in ("born_on", "sex", "relationship")
        if (value := born if one == "born_on" else said.get(one)) not in (None, "")
    ]  # fmt: skip
    if not is_hidden and (former := "".join(row.said.get(part, "") for part in PLACE)):
        taken.append(Taken("address_before", _("前住所"), former))
    if notice.planned_on:
        taken.append(Taken("planned_on", _("転出予定年月日"), wareki(notice.planned_on)))
    return Member(
        f"r{row.pk}", RECEIVED, row.noticed_on, name, kana, _day(born), "", row.addressee_id, "", is_hidden,
        notice.planned_on, tuple(one for one in taken if one.text),
    )  # fmt: skip


def _entered(text: str) -> RegisterDate | None:
    try:
        return RegisterDate.entered(text) if text else None
    except Refused:
        return None


def members(who: Mapping[str, Any], today: date) -> list[Member]:
    """Everybody of whom the sources of a reception speak, as they speak now (引用元の人の一覧)."""
    source = CARD if who.get("card") else REGISTER
    found = [_registered(number, source if at == 0 else REGISTER, today) for at, number in enumerate(who["people"])]
    rows = {row.pk: row for row in waiting(ReceivedKind.MOVE_OUT).filter(pk__in=who["received"])}
    hidden = inquiry.withheld() if rows else set()
    return [
        *(one for one in found if one is not None),
        *(_received(rows[pk], hidden) for pk in who["received"] if pk in rows),
    ]


def families() -> list[list[Received]]:
    """Received move-out data that wait, those together who leave one place on one day (転入予定の世帯)."""

    def together(row: Received) -> tuple[str, ...]:
        return (row.sender, *(row.said.get(part, "") for part in PLACE), row.said.get("planned_on", ""))

    rows = sorted(waiting(ReceivedKind.MOVE_OUT).filter(problem=""), key=lambda row: (together(row), row.pk))
    return [list(found) for _key, found in groupby(rows, together)]


def filled_of(entry: Entry, people: Sequence[Member]) -> Filled:
    """What an entry may use again of newcomers, from received move-out data; nothing without a law (引用の記録).

    Shapes: as ``prefill.filled`` says of people whom the register knows.
    """
    mine = [one for one in people if one.source == RECEIVED]
    if not mine:
        return {}
    lines = [
        f"{one.name}　" + "、".join(f"{taken.label} {taken.text}" for taken in one.taken if taken.name != "name")
        for one in mine
    ]  # fmt: skip
    value = [{taken.name: taken.text for taken in one.taken} for one in mine]
    return {
        held.name: {
            "status": HELD, "value": value, "lines": lines, "home": [], "is_partial": False, "source": RECEIVED,
            "path": held.path, "as_of": max(one.as_of for one in mine).isoformat(),
            "basis": {"law": held.basis.law, "article": held.basis.article, "status": held.basis.status},
            "digest": digest_of(value), "is_notice": held.is_notice_item, "is_confirmed": None, "why": "", "typed": "",
        }
        for held in entry.holds if held.path in TOLD and held.basis.law
    }  # fmt: skip
