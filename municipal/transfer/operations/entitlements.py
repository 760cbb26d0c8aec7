"""Taking over what other services say about residents (他業務の資格情報の受入れ)."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.transfer.faults import Fault
from municipal.transfer.models import ServiceState
from municipal.transfer.parts import Part
from municipal.transfer.slips import text_of
from municipal.transfer.values import Reading

SERVICES = Part("services", ServiceState, ("addressee",))
NUMBER = "宛名番号"
MOST_ROWS = 300_000


@implements("resident-record/1.0#7.2.2/m1")
@operation("transfer.take_in_services")
def take_in_services(*, actor: Actor, content: bytes, name: str = "services.csv") -> tuple[int, list[Fault]]:
    """Take over a CSV of entitlements by item name, all rows or none; returns rows and faults (資格情報の受入れ).

    Columns without an item, such as numbers of insurance cards, are told and dropped. Raises Refused for what is no
    such file.
    """
    headings, rows = _table(content)
    known = {*SERVICES.headings} - {"受信日時"}
    if NUMBER not in headings or not known & set(headings) - {NUMBER}:
        raise Refused("宛名番号と、資格の項目名の見出しがあるCSVを選んでください。", field="upload", code="no_table")
    notes = [Fault(name, 1, column, "IN-0020") for column in headings if column not in known]
    taken = [column for column in headings if column in known]
    frame = pl.DataFrame({column: [row.get(column) or "" for row in rows] for column in taken})
    reading = Reading(SERVICES, name, tuple(taken), f"{wall.current():06d}")
    frame = frame.with_row_index("_row", offset=2)
    made = list(reading.rows(frame).iter_rows(named=True))
    people = dict(Addressee.objects.filter(number__in=[row["_addressee"] for row in made]).values_list("number", "pk"))
    found = [*reading.faults, *(_stranger(name, row) for row in made if row["_addressee"] not in people)]
    if not found:
        now = clock.now()
        states = (_state(row, people[row["_addressee"]], now) for row in made)
        ServiceState.objects.bulk_create(states, batch_size=1_000)
    record(actor=actor, subjects=[] if found else people.values(), fields=_names(taken))
    return (0 if found else len(made)), found + notes


def _names(headings: list[str]) -> list[str]:
    return [one.attname for one in SERVICES.fields if SERVICES.heading(one.name) in headings]


def _stranger(name: str, row: Mapping[str, Any]) -> Fault:
    return Fault(name, int(row["_row"]), NUMBER, "IN-0011")


def _state(row: Mapping[str, Any], addressee: int, now: Any) -> ServiceState:
    values = {
        one.attname: one.to_python(row[one.column])
        for one in SERVICES.fields
        if one.attname in row and one.attname != "received_at" and row[one.column] is not None
    }
    return ServiceState(addressee_id=addressee, received_at=now, **values)


def _table(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text_of(content), newline=""))
    rows = list(_limited(reader))
    return [str(one) for one in reader.fieldnames or []], rows


def _limited(reader: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    try:
        for count, row in enumerate(reader):
            if count >= MOST_ROWS:
                raise Refused("行が多すぎます。ファイルを分けてください。", field="upload", code="too_many")
            yield row
    except csv.Error as error:
        raise Refused("CSVとして読み取れません。保存し直してください。", field="upload", code="csv") from error
