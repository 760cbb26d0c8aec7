"""One damage is one oddity, at the row where a person would look (破損の報告)."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipal.conformance.reading import Oddity, TableFile
from municipal.conformance.reading.damage import Damages, Odd
from municipal.conformance.reading.delimited import Reader
from municipal.conformance.reading.head import open_delimited
from municipal.conformance.reading.headings import normal_all
from municipal.conformance.reading.tables import Refused

KNOWN = normal_all(["番号", "氏名", "住所", "電話"])
HEADING = "番号,氏名,住所,電話\n"


def opened(text: str | bytes, folder: Path, block: int = 1 << 24) -> TableFile:
    path = folder / "x.csv"
    path.write_bytes(HEADING.encode() + (text if isinstance(text, bytes) else text.encode()))
    return open_delimited(path, "x.csv", KNOWN, block=block)


def short_of_memory(file: TableFile) -> Reader:
    assert isinstance(file.reader, partial)
    path, form, _ = file.reader.args
    return Reader(path, form, file, size=500, longest=3000)


def rows(file: TableFile) -> list[int]:
    return [row for frame in file.batches() for row in frame["_row"].to_list()]


def told(file: TableFile) -> list[tuple[str, int, object]]:
    return [(oddity.kind, oddity.row, oddity.facts.get("rows")) for oddity in file.oddities]


@pytest.mark.parametrize(
    ("text", "good", "expected"),
    [
        ("1,甲,東町\n1番,2\n2,乙,,\n", [4], [("split_record", 2, 2)]),
        ("1,甲,東\n町\n1番,2\n2,乙,,\n", [5], [("split_record", 2, 3)]),
        ("1,甲,東町\n\n1番,2\n2,乙,,\n", [5], [("split_record", 2, 3)]),
        ("1,甲,東\n町,2\n1,乙,西\n町,3\n", [], [("split_record", 2, 2), ("split_record", 4, 2)]),
        ("1,甲\n2,乙,,\n3,丙\n", [3], [("short_row", 2, 1), ("short_row", 4, 1)]),
        ("1,甲,a,b,c\n2,乙,a,b,c\n3,丙,a,b,c,d\n", [], [("long_row", 2, 2), ("long_row", 4, 1)]),
        ("1\n2,甲,,\n", [3], [("short_row", 2, 1)]),
        ('1,甲,"東\n町",2\n', [2], []),
        ('1,甲,東"町,2\n2,乙,,\n', [3], [("stray_quote", 2, 1)]),
        ('1,甲,"東町,2\n2,乙,,\n3,"丙",,\n', [3, 4], [("stray_quote", 2, 1)]),
        ('1,甲,"東町,2\n2,乙,,\n', [3], [("stray_quote", 2, 1)]),
        ('1,甲,"東"町,2\n2,"乙",,\n', [3], [("stray_quote", 2, 1)]),
        ('1,"甲"x\n2,"乙"x\n3,丙,,\n', [4], [("stray_quote", 2, 2)]),
        ("1,甲,,\n\n\n2,乙,,\n", [2, 5], [("blank_row", 3, 2)]),
        ("1,甲,,\n,,,\n2,乙,,\n,,,\n\n", [2, 4], [("blank_row", 3, 1)]),
        ("1,甲,,\n番号,氏名,住所,電話\n2,乙,,\n", [2, 4], [("repeated_heading", 3, 1)]),
        ("1,甲\0,,\n2,乙,,\n", [3], [("nul_byte", 2, 1)]),
        ("", [], [("no_rows", 0, None)]),
        ("\n\n", [], [("no_rows", 0, None)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("block", [1, 5, 1 << 24])
def test_a_damage_is_told_once(
    text: str, good: list[int], expected: list[tuple[str, int, object]], block: int, tmp_path: Path
) -> None:
    file = opened(text, tmp_path, block)
    assert rows(file) == good
    assert told(file) == expected


def test_a_newline_in_an_address_is_one_finding_among_many_rows(tmp_path: Path) -> None:
    text = "".join(f"{number},甲,東町,\n" for number in range(500)) + "x,乙,東\n町,\n" + "y,丙,,\n" * 500
    file = opened(text, tmp_path)
    assert len(rows(file)) == 1000
    assert told(file) == [("split_record", 502, 2)]


@pytest.mark.parametrize("block", [3, 1 << 24])
def test_a_bad_byte_late_in_a_file_is_found_with_its_place(block: int, tmp_path: Path) -> None:
    before = ("1,甲,,\n" * 300).encode()
    file = opened(before + b"2,\xff,,\n" + "3,丙,,\n".encode(), tmp_path, block)
    assert rows(file) == [*range(2, 302), 303]
    assert file.oddities == [
        Oddity("wrong_encoding", 302, facts={"rows": 1, "offset": len(HEADING.encode()) + len(before) + 2})
    ]


def test_half_a_file_in_another_encoding_is_one_damage(tmp_path: Path) -> None:
    file = opened(("1,甲,,\n" * 20).encode() + ("2,乙,,\n" * 15).encode("cp932"), tmp_path)
    assert len(rows(file)) == 20
    assert told(file) == [("wrong_encoding", 22, 15)]


def test_a_bad_byte_in_a_cp932_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEADING + "1,甲,,\n").encode("cp932") + b"2,\x85,,\n" + "3,丙,,\n".encode("cp932"))
    file = open_delimited(path, "x.csv", KNOWN)
    assert rows(file) == [2, 4]
    assert [(oddity.kind, oddity.row, oddity.facts["offset"]) for oddity in file.oddities] == [
        ("wrong_encoding", 3, 29)
    ]


def test_half_a_character_at_the_end_of_utf_16_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEADING + "1,甲,,\n2,乙,,").encode("utf-16") + b"\x41")
    file = open_delimited(path, "x.csv", KNOWN)
    assert rows(file) == [2]
    assert [(oddity.kind, oddity.row, oddity.facts["offset"]) for oddity in file.oddities] == [
        ("wrong_encoding", 3, "?")
    ]


def test_a_quote_that_is_never_closed_costs_one_line_even_beyond_the_longest_record(tmp_path: Path) -> None:
    file = opened('1,甲,"東,\n' + "2,乙,東町一丁目,\n" * 1000, tmp_path)
    reader = short_of_memory(file)
    assert sum(frame.height for frame in reader.frames()) == 1000
    assert told(file) == [("stray_quote", 2, 1)]


def test_a_record_beyond_the_longest_ends_the_reading(tmp_path: Path) -> None:
    file = opened("1,甲,,\n2," + "乙" * 2000 + ",,\n3,丙,,\n", tmp_path)
    reader = short_of_memory(file)
    with pytest.raises(Refused) as refused:
        list(reader.frames())
    assert (refused.value.oddity.kind, refused.value.oddity.row) == ("beyond_limits", 3)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from(["short_row", "blank_row", "long_row"]), st.integers(1, 3)))
)
def test_every_odd_row_is_told_by_exactly_one_oddity(steps: list[tuple[int, str, int]]) -> None:
    oddities: list[Oddity] = []
    damages = Damages(4, oddities)
    row, odd_rows = 1, []
    for step, kind, cells in steps:
        row += step
        odd_rows.append(row)
        damages.add(Odd(row, kind, {"blank_row": 0, "long_row": 5}.get(kind, cells)))
    damages.close(row + 1)
    covered = [row for oddity in oddities for row in range(oddity.row, oddity.row + int(str(oddity.facts["rows"])))]
    assert covered == odd_rows
