"""JSON and Parquet become the same tables of texts (JSONとParquetの読取り)."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from municipal.conformance.reading import TableFile, Unreadable, jsonfile, read

OBJECTS = [{"番号": "1", "氏名": "甲"}, {"番号": 2, "備考": "新規"}, {"番号": 3.5, "氏名": None}]
MOMENTS = [datetime.fromisoformat("2024-05-01T09:00"), datetime.fromisoformat("2024-05-01T00:00")]
ROWS = [(2, "1", "甲", ""), (3, "2", "", "新規"), (4, "3.5", "", "")]


def only(data: bytes | str, folder: Path, name: str = "x.json") -> TableFile | Unreadable:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (found,) = read([path], frozenset())
    return found


def rows(file: TableFile | Unreadable) -> list[tuple[Any, ...]]:
    assert isinstance(file, TableFile)
    return [row for frame in file.batches() for row in frame.rows()]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS, ensure_ascii=False),
        json.dumps(OBJECTS, indent=2) + "\n",
        json.dumps({"件数": 3, "data": OBJECTS}),
        "\n".join(json.dumps(one) for one in OBJECTS),
    ],
)
def test_lists_wrapped_lists_and_lines_of_objects_are_the_same_table(text: str, tmp_path: Path) -> None:
    file = only(text, tmp_path)
    assert isinstance(file, TableFile)
    assert (file.columns, file.header_row, file.kind) == (("番号", "氏名", "備考"), 1, "json")
    assert rows(file) == ROWS
    assert file.oddities == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932"])
def test_json_in_other_encodings_is_read(encoding: str, tmp_path: Path) -> None:
    file = only(json.dumps(OBJECTS, ensure_ascii=False).encode(encoding), tmp_path)
    assert rows(file) == ROWS


def test_elements_longer_than_a_piece_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonfile, "PIECE", 7)
    file = only(
        json.dumps([{"番号": index, "備考": "あ" * index} for index in range(40)], ensure_ascii=False), tmp_path
    )
    assert rows(file) == [(index + 2, str(index), "あ" * index) for index in range(40)]


def test_numbers_stay_as_they_are_written_and_nested_values_are_json(tmp_path: Path) -> None:
    long = "9" * 5000
    file = only(f'[{{"a": 1.0, "b": 1e5, "c": true, "d": [1.50, "x"], "e": {{"f": null}}, "g": {long}}}]', tmp_path)
    assert rows(file) == [(2, "1.0", "1e5", "1", '[1.5, "x"]', '{"f": null}', long)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[]", "empty_file"),
        ('[{"a": 1}', "broken_file"),
        ('[{"a": 1},]', "broken_file"),
        ('[{"a": 1}] x', "broken_file"),
        ('{"a": ', "broken_file"),
        ("[" * 100_000, "broken_file"),
        ('{"a": [{"b": 1}], "c": [{"d": 2}]}', "unsupported_kind"),
        ("1", "broken_file"),
        ("", "empty_file"),
    ],
)
def test_what_is_no_list_of_objects_is_refused(text: str, kind: str, tmp_path: Path) -> None:
    file = only(text, tmp_path)
    assert isinstance(file, Unreadable)
    assert file.oddity.kind == kind


def test_a_bad_byte_in_json_is_refused_with_its_place(tmp_path: Path) -> None:
    data = b'[{"a": "' + "漢字".encode() + b'"},\n' + b'{"a": "\xff"},\n{"a": "' + "漢".encode() + b'"}]'
    file = only(data, tmp_path)
    assert isinstance(file, Unreadable)
    assert (file.oddity.kind, file.oddity.facts["offset"]) == ("unknown_encoding", data.index(b"\xff"))


def test_elements_that_are_no_objects_are_told_by_row(tmp_path: Path) -> None:
    file = only('[{"a": 1}, 5, [], {"a": 2}]', tmp_path)
    assert rows(file) == [(2, "1"), (5, "2")]
    assert [(oddity.kind, oddity.row, oddity.facts["rows"]) for oddity in file.oddities] == [("not_an_object", 3, 2)]


def test_parquet_columns_of_every_type_become_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "text": ["甲", None], "int": [1, None], "real": [2.0, 0.25], "flag": [True, False],
            "day": [date(2024, 5, 1), None], "moment": MOMENTS,
            "list": [[1, 2], None], "bytes": [b"\x01\xff", None],
        }
    )  # fmt: skip
    frame.write_parquet(tmp_path / "x.parquet")
    (file,) = read([tmp_path / "x.parquet"], frozenset())
    assert isinstance(file, TableFile)
    assert (file.columns, file.kind) == (tuple(frame.columns), "parquet")
    assert rows(file) == [
        (2, "甲", "1", "2", "1", "2024-05-01", "2024-05-01T09:00:00", "[1, 2]", "01ff"),
        (3, "", "", "0.25", "0", "", "2024-05-01", "", ""),
    ]


def test_parquet_comes_in_batches_with_running_row_numbers(tmp_path: Path) -> None:
    pl.DataFrame({"a": range(120_000)}).write_parquet(tmp_path / "x.parquet", row_group_size=7_000)
    (file,) = read([tmp_path / "x.parquet"], frozenset())
    assert isinstance(file, TableFile)
    frames = list(file.batches())
    assert len(frames) > 1
    assert pl.concat(frames)["_row"].to_list() == list(range(2, 120_002))
    assert pl.concat(frames)["c0"].to_list() == [str(number) for number in range(120_000)]


def test_an_empty_parquet_file_has_no_rows(tmp_path: Path) -> None:
    pl.DataFrame({"a": []}, schema={"a": pl.String}).write_parquet(tmp_path / "x.parquet")
    (file,) = read([tmp_path / "x.parquet"], frozenset())
    assert rows(file) == []
    assert [oddity.kind for oddity in file.oddities] == ["no_rows"]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": range(1000)}).write_parquet(tmp_path / "x.parquet")
    data = (tmp_path / "x.parquet").read_bytes()
    file = only(data[:-20], tmp_path, "y.parquet")
    assert isinstance(file, Unreadable)
    assert file.oddity.kind == "broken_file"
