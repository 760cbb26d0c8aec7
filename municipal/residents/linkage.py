"""Requests to the national network as files that its terminal takes and gives (住基ネットとの受渡し; #7.1.2).

The network's own wire is not published: what is asked, by whom and with which answer is kept here, the file is in a
layout of ours, and whoever connects a terminal translates it. So the clauses that ask for the exchange itself are not
claimed here: ``accounts.csv`` says of each what there is.
"""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from municipal.addressees.outputs import Purpose, address_for, prints_addresses, written
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.numbers.models import CardDestination, NetworkRequest, RequestKind, RequestState
from municipal.numbers.operations.requests import answer, destinations, mark_sent, request
from municipal.numbers.sealing import Digits, as_token

from .inquiry import latest, rows
from .models import Basis
from .notices import Notice, Said
from .operations import enter

OUT = ("reference", "kind", "resident_code", "addressee_number", "postal_code", "destination", "by_hand")
IN = ("reference", "error", "individual_number")
ACTS = {RequestKind.GENERATE.value: "individual_number_entry", RequestKind.CHANGE.value: "individual_number_change"}


@dataclass(frozen=True)
class Taken:
    """What became of one line of the network's answers: its number, and why it was not taken (応答の取込み結果)."""

    line: int
    why: str = ""


@prints_addresses("residents.juki_net", Purpose.MAIL)
@implements("resident-record/1.0#7.1.1.4/m3")
def write_requests(actor: Actor, path: Path) -> int:
    """Everything that waits, as a new file; how many requests it holds (要求の書出し).

    People are named to the network by their resident-record code. A request counts as sent once the file is complete.
    """
    waiting = list(NetworkRequest.objects.filter(state=RequestState.WAITING).order_by("pk").select_related("addressee"))
    known = {row["addressee_id"]: row for row in rows([one.addressee_id for one in waiting])}
    codes = dict(latest().filter(addressee__in=list(known)).values_list("addressee", "resident_code"))
    stays = destinations(list(known))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(OUT)
        for one in waiting:
            place = _destination(known[one.addressee_id], stays) if one.kind == RequestKind.MAILING else ("", "", "")
            writer.writerow([one.reference, one.kind, codes[one.addressee_id], one.addressee.number, *place])
        file.flush()
        os.fsync(file.fileno())
    mark_sent(actor=actor, requests=[one.pk for one in waiting])
    return len(waiting)


def _destination(row: dict[str, Any], stays: Mapping[int, CardDestination]) -> tuple[str, str, str]:
    """Postal code, address, and "1" where a clerk must see to it: a protected person who named no place of stay."""
    stay = stays.get(row["addressee_id"])
    if stay is not None:
        return stay.postal_code, stay.address, ""
    home = address_for(Purpose.MAIL, row, "address", is_protected=row["is_protected"])
    return home.postal_code, home.text, "1" if home.is_withheld else ""


def take_renewals(actor: Actor, path: Path) -> Iterator[Taken]:
    """People whose cards the network will renew: found by their code, their destinations sent back (更新対象者).

    Whom no resident's code names is said by line. Raises Refused for a file with other columns.
    """
    people = dict(latest().filter(status="1").values_list("resident_code", "addressee"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != ("resident_code",):
            raise Refused("更新対象者のファイルの列が違います。", code="columns")
        for line, row in enumerate(reader, 2):
            person = people.get(row["resident_code"] or "")
            if person is None:
                yield Taken(line, "この住民票コードの住民はいません。")
            else:
                request(actor=actor, kind=RequestKind.MAILING, addressee=person)
                yield Taken(line)


@implements("resident-record/1.0#7.1.2.1/m2")
def take_answers(actor: Actor, path: Path) -> Iterator[Taken]:
    """Each line of the network's answers; a number that came is entered provisionally, to be decided (応答の取込み).

    A line that cannot be taken says why and stops no other. Raises Refused for a file with other columns.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != IN:
            raise Refused("応答のファイルの列が違います。", code="columns")
        for line, row in enumerate(reader, 2):
            try:
                # With the number or not at all: an answer that could not be entered can be taken in again.
                with transaction.atomic(using=wall.opening().using):
                    _take(actor, {name: (row.get(name) or "").strip() for name in IN})
            except Refused as refused:
                yield Taken(line, str(refused))
            else:
                yield Taken(line)


def _take(actor: Actor, said: dict[str, str]) -> None:
    try:
        reference = UUID(said["reference"])
    except ValueError:
        raise Refused("要求番号が読めません。", field="reference", code="invalid") from None
    found = answer(actor=actor, reference=reference, error=said["error"])
    if said["error"] or found.kind not in ACTS:
        return
    one = Said(found.addressee.number, {}, as_token(Digits(said["individual_number"])))
    notice = Notice(
        act=ACTS[found.kind], event_on=RegisterDate.exact(clock.today()), notified_on=clock.today(),
        basis=Basis.EX_OFFICIO.value, people=(one,),
    )  # fmt: skip
    enter(actor=actor, notice=notice)


COMPARED = ("name", "sex", "born_on", "address")
"""The identity data that the network holds beside the code (本人確認情報)."""


@dataclass(frozen=True)
class Difference:
    """Where the network and the register disagree about somebody: the addressee number and the items (不一致).

    No number: the network knows a code that no resident has. ``missing`` alone: a resident whom its file does not name.
    """

    number: str
    items: tuple[str, ...]


def compare(path: Path) -> Iterator[Difference]:
    """What the network's file of identity data says otherwise than the register (整合性確認).

    Columns: resident_code and COMPARED, dates as the register keeps them. Raises Refused for other columns.
    """
    known = {row.resident_code: row for row in latest().filter(status="1").select_related("addressee")}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != ("resident_code", *COMPARED):
            raise Refused("本人確認情報のファイルの列が違います。", code="columns")
        for row in reader:
            record = known.pop(row["resident_code"] or "", None)
            if record is None:
                yield Difference("", ("resident_code",))
                continue
            ours = {name: str(getattr(record, name, "") or "") for name in COMPARED}
            ours["address"] = written(vars(record), "address")
            differing = tuple(name for name in COMPARED if (row[name] or "") != ours[name])
            if differing:
                yield Difference(record.addressee.number, differing)
    for record in known.values():
        yield Difference(record.addressee.number, ("missing",))
