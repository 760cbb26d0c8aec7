"""Confirmed notices booked and matched, beside the plain way and the bare rows (収納データの取込みの測定).

The plain way is a transaction a notice by the ORM: find the slip, look what is owed, write posting, transfer, report.
The floor copies the same rows into tables without index, constraint or wall.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django.db import connection, connections
from psycopg import sql

from municipal.addressees.models import Addressee, AddresseeKind
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.municipalities.bulk import load
from municipal.payments.assessments import Assessed
from municipal.payments.balances import books, of_charges
from municipal.payments.intake import Line, write
from municipal.payments.models import (
    Account,
    Charge,
    CollectionFile,
    Match,
    Posting,
    PostingKind,
    Report,
    Slip,
    Transfer,
)
from municipal.payments.operations import issue_slips, take_in
from municipal.payments.operations.charging import charge_all

from .ground import TOWN
from .measuring import Table, Times

SECONDS, ROUNDS, BATCH = 60.0, 3, 5_000
CLERK = System("benchmark")
Fresh = Callable[[], AbstractContextManager[str]]
TABLES = (Posting, Transfer, Report)


def measure(fresh: Fresh, notices: int = 100_000, plain: int = 500) -> list[Table]:
    """A file of ``notices`` into a town with as many slips, three times, each beside ``plain`` notices one by one."""
    ours, theirs, floor = Times(), Times(), Times()
    for _ in range(ROUNDS):
        with fresh():
            numbers = _town(notices + plain)
            data = write(_line(at, number) for at, number in enumerate(numbers[:notices], start=2))
            with theirs.taking():
                _one_by_one(numbers[notices:])
            with ours.taking(), wall.within(TOWN):
                taken = take_in(actor=CLERK, name="notices.csv", data=data)
            with wall.within(TOWN):
                if taken.by_match[Match.MATCHED] != notices or books().broken():
                    raise RuntimeError(f"The notices were not booked as they are: {taken.by_match}")
            _bare(floor)
    each, bare = theirs.p50 / plain, floor.p50 * notices / (notices + plain)
    table = Table(
        "Notices of money",
        ("way", "notices", "median", "notices / s", "against ours"),
        f"Reading the file, matching, posting, transfer and report of each, audit, commit. Target: {SECONDS:g} s.",
    )
    rate = notices / ours.p50
    table.add("ours", f"{notices:,}", f"{ours.p50:.1f} s", f"{rate:,.0f}", "1", is_met=ours.p50 <= SECONDS)
    table.add("a transaction each", f"{plain:,}", f"{theirs.p50:.1f} s", f"{1 / each:,.0f}", f"1/{rate * each:.1f}")
    table.add(
        "floor: the bare rows", f"{notices:,}", f"{bare:.1f} s", f"{notices / bare:,.0f}", f"{ours.p50 / bare:.1f}"
    )
    return [table]


def _town(count: int) -> list[str]:
    """So many payers with one charge and one slip each; the numbers of the slips."""
    today, numbers = clock.today(), []
    with wall.within(TOWN):
        columns = ("number", "kind", "name", "name_kana", "created_at")
        fields = [name for name in columns if name in {field.column for field in Addressee._meta.fields}]
        values = {"kind": AddresseeKind.NON_RESIDENT, "name": "甲野　太郎", "name_kana": "", "created_at": clock.now()}
        load(Addressee, fields, ([f"{at:08d}", *(values[name] for name in fields[1:])] for at in range(count)))
        payers = list(Addressee.objects.order_by("pk"))
        for start in range(0, count, BATCH):
            charge_all([_assessed(one, today) for one in payers[start : start + BATCH]])
    with wall.within(TOWN):
        charges = list(Charge.objects.select_related("assessment").order_by("pk"))
        for start in range(0, count, BATCH):
            made = issue_slips(actor=CLERK, charges=charges[start : start + BATCH], pay_until=today)
            numbers += [slip.number for slip in made]
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return numbers


def _assessed(payer: Addressee, today: date) -> Assessed:
    return Assessed(
        payer=payer, fee="905", levy_year=2026, fiscal_year=2026, reference=payer.number, total_yen=12_300,
        due_on=[today],
    )  # fmt: skip


def _line(at: int, number: str) -> Line:
    return Line(at, "store", "confirmed", number, 12_300, clock.today(), f"{at % 900:04d}", f"R{at}")


def _one_by_one(numbers: list[str]) -> None:
    with wall.within(TOWN):
        file = CollectionFile.objects.create(name="x", digest="x", lines=len(numbers), received_at=clock.now())
    for at, number in enumerate(numbers):
        with wall.within(TOWN):
            slip = Slip.objects.select_related("charge__assessment").get(number=number)
            owed = of_charges([slip.charge_id])[slip.charge_id].outstanding
            posting = Posting.objects.create(
                kind=PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=slip.charge.assessment.fiscal_year,
                source=f"plain:{number}", recorded_at=clock.now(),
            )  # fmt: skip
            Transfer.objects.create(
                posting=posting, charge=slip.charge, debit=Account.IN_TRANSIT, credit=Account.RECEIVABLE, yen=owed
            )
            Report.objects.create(
                file=file, line=at, channel="store", stage="confirmed", number=number, yen=12_300,
                paid_on=clock.today(), place="", reference=f"P{at}", match=Match.MATCHED, slip=slip, posting=posting,
            )  # fmt: skip


def _bare(times: Times) -> None:
    """The rows that were written, once more into tables that promise nothing."""
    rows: dict[Any, list[tuple[Any, ...]]] = {}
    with wall.within(TOWN), connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(model._meta.db_table)))
            rows[model] = cursor.fetchall()
    with connections["owner"].cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f'CREATE TABLE "bare_{table}" (LIKE "{table}")')
        with times.taking(), connections["owner"].wrap_database_errors:
            for name, found in _of_collections(rows):
                with cursor.cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    for row in found:
                        copy.write_row(row)


def _of_collections(rows: dict[Any, list[tuple[Any, ...]]]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """As many rows of each table as there are reports: the charges' own postings are not part of it."""
    most = len(rows[Report])
    for model in TABLES:
        yield f"bare_{model._meta.db_table}", rows[model][-most:]
