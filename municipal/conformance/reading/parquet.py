"""Parquet files, a slice at a time, every column as text (Parquetの読取り)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from municipal.conformance.reading.damage import Damages
from municipal.conformance.reading.encodings import sha256
from municipal.conformance.reading.tables import MOST_COLUMNS, Oddity, Refused, TableFile, beyond_limits
from municipal.conformance.reading.texts import BATCH, numbered, text_of, without_idle_rows

_BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def open_parquet(path: Path, name: str) -> TableFile:
    """A Parquet file; the n-th row stands in row n + 1; raises Refused ``broken_file``, ``beyond_limits`` (開く)."""
    try:
        columns = tuple(pl.scan_parquet(path, glob=False).collect_schema().names())
    except _BROKEN as error:
        raise Refused("broken_file", seen=type(error).__name__) from error
    if len(columns) > MOST_COLUMNS:
        raise beyond_limits(0, columns=len(columns))
    if not columns:
        raise Refused("empty_file")
    return TableFile(
        name=name,
        kind="parquet",
        bytes=path.stat().st_size,
        columns=columns,
        header_row=1,
        reader=partial(_batches, path),
        hasher=partial(sha256, path),
    )


def _batches(path: Path, file: TableFile) -> Iterator[pl.DataFrame]:
    damages = Damages(len(file.columns), file.oddities)
    row, last_row = 2, 0
    for part in _slices(path):
        texts = part.select(_texts(column).alias(f"c{index}") for index, column in enumerate(part.iter_columns()))
        frame = numbered(texts, np.arange(row, row + part.height, dtype=np.uint32))
        row += part.height
        frame = without_idle_rows(frame, file.columns, damages)
        if frame.height:
            last_row = int(frame["_row"][-1])
            yield frame
    damages.close(last_row)
    if not last_row and not file.oddities:
        file.oddities.append(Oddity("no_rows"))


def _slices(path: Path) -> Iterator[pl.DataFrame]:
    offset = 0
    try:
        lazy = pl.scan_parquet(path, glob=False)
        while (part := lazy.slice(offset, BATCH).collect()).height:
            yield part
            offset += part.height
    except _BROKEN as error:
        raise Refused("broken_file", offset + 2, seen=type(error).__name__) from error


def _texts(column: pl.Series) -> pl.Series:
    """The same texts as a CSV file would hold: see ``text_of``."""
    kind = column.dtype
    if kind == pl.String:
        return column.fill_null("")
    if kind.is_integer() or isinstance(kind, pl.Categorical | pl.Enum | pl.Decimal | pl.Date):
        return column.cast(pl.String).fill_null("")
    return pl.Series(column.name, [text_of(_plain(value)) for value in column.to_list()], dtype=pl.String)


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value
