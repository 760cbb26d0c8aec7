"""Files from another system: looked at, judged, staged; what stands against them (受入れの検査)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from municipal.conformance.engine import Asked, check
from municipal.conformance.privacy import sentences
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from . import deriving
from .checks import Files, faults, mark_known
from .faults import Fault
from .manifest import Manifest, check_files, read_manifest
from .mapping import Converted, convert, read_mapping
from .parts import PARTS, Part
from .queries import numbering
from .sources import Source, chosen, pack, sources
from .staging import cursor, make, number_rows, put
from .values import Reading

OF_MEASURES = {"支援措置開始年月日": "開始日", "支援措置終了年月日": "終了日"}
BEGUN_PROVISIONALLY = "仮支援措置開始年月日"


@dataclass
class Incoming:
    """A hand-over of somebody else's, looked at (受け取ったデータ).

    ``files`` is where files in our words stand: the folder itself, or where they were converted to. ``rows`` maps the
    name of a converted file to the one it was made of.
    """

    folder: Path
    files: Path
    manifest: Manifest | None
    parts: dict[str, list[Source]]
    converted: dict[str, Converted] = field(default_factory=dict)
    digest: str = ""

    def place(self, file: str, row: int) -> tuple[str, int]:
        """File and row as the maker of the files knows them (元の場所)."""
        found = self.converted.get(file)
        return (found.name, found.row(row)) if found and row else (found.name if found else file, row)


def look_at(folder: Path, mapping: Path | None, work: Path) -> Incoming:
    """Find the tables in ``folder``, converting them into ``work`` where there is a mapping (受取り).

    Raises Refused where nothing in it is a table of the register.
    """
    if not folder.is_dir():
        raise Refused("フォルダー「%(name)s」が見つかりません。", code="no_folder", name=folder.name)
    converted = convert(folder, read_mapping(mapping), work) if mapping else []
    files = work if mapping else folder
    parts = chosen(sources(files))
    if "history" not in parts:
        raise Refused(
            "住民または異動履歴のファイルが見つかりません。見出しを項目名にするか、対応表を付けてください。",
            code="no_table",
        )
    made = Incoming(
        folder, files, None if mapping else read_manifest(folder), parts, {one.path.name: one for one in converted}
    )
    made.digest = _digest(made, mapping)
    return made


def _digest(incoming: Incoming, mapping: Path | None) -> str:
    total = hashlib.sha256(mapping.read_bytes() if mapping else b"")
    for path in sorted(path for path in incoming.folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            total.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def judge(incoming: Incoming, *, today: date) -> Iterator[Fault]:
    """What can be said of the files by themselves: manifest, columns, every rule of the checker (ファイルの検査)."""
    if incoming.manifest:
        yield from (Fault(name, 0, "", "IN-0018") for name in check_files(incoming.folder, incoming.manifest))
    for one in incoming.converted.values():
        yield from (Fault(one.name, 1, column, "IN-0020") for column in one.without_target)
        yield from (Fault(one.name, row, "", "IN-0017") for row in one.broken)
    for several in incoming.parts.values():
        for source in several:
            name, _ = incoming.place(source.name, 0)
            yield from (Fault(name, 1, column.partition("#")[0], "IN-0020") for column in source.unknown())
    yield from _by_rules(incoming, today)


def _by_rules(incoming: Incoming, today: date) -> Iterator[Fault]:
    """Findings that decide; what rests on provisional grounds stops nobody."""
    report = check(Asked(paths=(incoming.files,), as_of=today, today=today, packs=(pack(),), privacy="rows"))
    for result in report.results:
        for finding in result.samples if result.decisive else ():
            file, row = incoming.place(finding.file, finding.row)
            said = sentences(result.message, finding, "rows")
            yield Fault(file, row, finding.column, finding.code, said["ja"].what.replace("%", "%%"))


def stage(incoming: Incoming) -> tuple[list[Fault], dict[str, int]]:
    """Put every row into the temporary tables, complete it, and ask the database; rows by file (仮置きと確認)."""
    here, found, counts = cursor(), [], {}
    for statement in numbering():
        here.execute(statement)
    for part in PARTS.values():
        make(here, part, is_empty=not part.model._default_manager.exists())
        for source in incoming.parts.get(part.name, []):
            reading = _reading(incoming, part, source)
            counts[source.name] = put(here, part, _rows(reading, source))
            found += reading.faults
            found += [] if incoming.converted else source.faults
    if not found:
        _complete(here, incoming)
        mark_known(here)
        number_rows(here)
        files: Files = {name: several[0].name for name, several in incoming.parts.items()}
        found = [_at(incoming, fault) for fault in faults(here, files)]
    return found, counts


def _at(incoming: Incoming, fault: Fault) -> Fault:
    file, row = incoming.place(fault.file, fault.row)
    return Fault(file, row, fault.item, fault.code, fault.sentence, fault.values)


def _reading(incoming: Incoming, part: Part, source: Source) -> Reading:
    name, _ = incoming.place(source.name, 0)
    columns = source.columns
    if part.name == "protections" and source.table == "support_measures":
        columns = tuple(OF_MEASURES.get(column, column) for column in columns)
    return Reading(part, name, columns, f"{wall.current():06d}", row=lambda row: incoming.place(source.name, row)[1])


def _rows(reading: Reading, source: Source) -> Iterator[pl.DataFrame]:
    for block in source.blocks():
        if source.table == "support_measures":
            yield reading.rows(_as_protections(block))
        else:
            yield reading.rows(block)


def _as_protections(block: pl.DataFrame) -> pl.DataFrame:
    """Measures as other systems list them: whom they cover and since when; a provisional one begins with its day."""
    named = block.rename({theirs: ours for theirs, ours in OF_MEASURES.items() if theirs in block.columns})
    if BEGUN_PROVISIONALLY in named.columns and "開始日" in named.columns:
        begun = pl.when(pl.col("開始日") == "").then(pl.col(BEGUN_PROVISIONALLY)).otherwise(pl.col("開始日"))
        return named.with_columns(開始日=begun)
    return named


def _complete(here: Any, incoming: Incoming) -> None:
    """What our own files say and those of others do not."""
    deriving.fill_history(here, today=clock.today(), now=clock.now())
    if "households" not in incoming.parts:
        deriving.derive_households(here)
    if "addressees" not in incoming.parts:
        deriving.derive_addressees(here)
    if "periods" not in incoming.parts:
        deriving.derive_periods(here)
    if any(source.table == "support_measures" for source in incoming.parts.get("protections", ())):
        deriving.one_protection_each(here)
