"""The register as files, by item name (住民データの出力).

Three CSV files in UTF-8, one line per row (RFC 4180): ``residents.csv`` holds everybody as the register stands,
``history.csv`` every row of every history, ``households.csv`` the households. Columns are the item names of the
published lists. Cells hold what the register holds, to the letter: these files go to another system, and an
apostrophe against formulas would change a name.

A date that may be unknown takes three columns, as in the lists: the date (empty unless it is a day of the calendar or
an impossible one written in full), 不詳フラグ and 不詳表記. The addresses of protected people are empty, and the column
住所の非表示 says so: handing them over needs a second approval, which comes with the support measures.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from municipal.addressees.fields import RegisterDateField
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose, operation
from municipal.core.actors import Actor
from municipal.core.dates import RegisterDate

from .inquiry import latest, withheld
from .models import Household, ResidentRecord
from .shown import WITHHELD_FIELDS

TOKYO = ZoneInfo("Asia/Tokyo")
KEYS = {"municipality_id": "市区町村コード", "addressee__number": "宛名番号", "household__number": "世帯番号"}
NOT_ITEMS = {"id", "municipality_id", "addressee_id", "household_id", "event_id"}
ITEMS = [field for field in ResidentRecord._meta.fields if field.attname not in NOT_ITEMS]
CHUNK = 2_000


def columns() -> Iterator[tuple[str, str, Callable[[Any], str]]]:
    """Every column: the field it comes from, its heading, and how the value is written."""
    for name, heading in KEYS.items():
        yield name, heading, (lambda value: f"{value:06d}") if name == "municipality_id" else str
    for field in ITEMS:
        label = str(field.verbose_name)
        if isinstance(field, RegisterDateField):
            yield field.attname, label, _day
            yield field.attname, f"{label}_不詳フラグ", _is_unknown
            yield field.attname, f"{label}_不詳表記", _notation
        else:
            yield field.attname, label, _written


def _day(value: RegisterDate | None) -> str:
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}" if value and not value.is_unknown else ""


def _is_unknown(value: RegisterDate | None) -> str:
    return str(int(value.is_unknown)) if value else ""


def _notation(value: RegisterDate | None) -> str:
    return value.notation if value else ""


def _written(value: Any) -> str:
    """Yes and no as 1 and 0, days as in ISO 8601, moments in Japanese time; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)


@prints_addresses("residents.export", Purpose.EXPORT)
@operation("residents.export")
def export_residents(*, actor: Actor, folder: Path) -> dict[str, int]:
    """Write the three files into ``folder``; returns file name to number of rows (住民データの出力).

    Files are written beside their place and moved there whole: no half file is ever seen. Everybody in them counts
    as disclosed. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everybody = latest().order_by("addressee__number", "-serial").distinct("addressee__number")
    history = ResidentRecord.objects.order_by("addressee__number", "serial")
    homes = Household.objects.order_by("number").values_list("municipality_id", "number")
    written = {
        "residents.csv": _write(folder / "residents.csv", _heading(), _rows(everybody)),
        "history.csv": _write(folder / "history.csv", _heading(), _rows(history)),
        "households.csv": _write(
            folder / "households.csv",
            ["市区町村コード", "世帯番号"],
            ([f"{town:06d}", number] for town, number in homes.iterator(CHUNK)),
        ),
    }
    people = list(everybody.values_list("addressee", flat=True))
    for start in range(0, len(people) or 1, CHUNK):
        disclose(actor=actor, subjects=people[start : start + CHUNK], fields=[item.attname for item in ITEMS])
    return written


def _heading() -> list[str]:
    return [heading for _, heading, _ in columns()] + ["住所の非表示"]


def _rows(records: QuerySet[ResidentRecord]) -> Iterator[list[str]]:
    wanted = list(columns())
    protected = withheld()
    names = list(dict.fromkeys(name for name, _, _ in wanted))
    for row in records.values("addressee_id", *names).iterator(CHUNK):
        is_protected = row["addressee_id"] in protected
        yield ["" if is_protected and name in WITHHELD_FIELDS else write(row[name]) for name, _, write in wanted] + [
            str(int(is_protected))
        ]


def _write(path: Path, heading: list[str], rows: Iterable[list[str]]) -> int:
    draft, count = path.with_suffix(".part"), 0
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for row in rows:
            writer.writerow(row)
            count += 1
    draft.replace(path)
    return count
