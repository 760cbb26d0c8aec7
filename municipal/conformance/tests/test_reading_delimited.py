"""Whatever is written as RFC 4180 wants it is read back as it was, wherever blocks are cut (区切りテキストの読取り)."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from municipal.conformance.reading import TableFile, records
from municipal.conformance.reading.head import open_delimited
from municipal.conformance.reading.headings import normal_all

HEADINGS = ("番号", "氏名", "備考", "住所")
KNOWN = normal_all(HEADINGS)
Row = tuple[str, ...]


@dataclass(frozen=True)
class Written:
    rows: tuple[Row, ...]
    data: bytes
    newline: str
    encoding: str


def read_back(file: TableFile) -> list[tuple[int, Row]]:
    return [(row[0], row[1:]) for frame in file.batches() for row in frame.rows()]


def opened(data: bytes, folder: Path, block: int = 1 << 24) -> TableFile:
    path = folder / "x.csv"
    path.write_bytes(data)
    return open_delimited(path, "x.csv", KNOWN, block=block)


def cell(text: str, delimiter: str, always: bool) -> str:
    needs = always or any(character in text for character in f'{delimiter}"\r\n')
    return '"' + text.replace('"', '""') + '"' if needs else text


@st.composite
def tables(draw: st.DrawFn) -> Written:
    width = draw(st.integers(1, 4))
    delimiter = draw(st.sampled_from(",\t;"))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
    alphabet = 'ab1 表ソ髙市#,;\t"\n\r' + ("" if encoding == "cp932" else "é𠮷\ufeff")
    texts = st.text(st.sampled_from(alphabet), max_size=6)
    rows = tuple(draw(st.lists(st.tuples(*[texts] * width), max_size=8)))
    always = draw(st.booleans())
    lines = [delimiter.join(cell(text, delimiter, always) for text in row) for row in (HEADINGS[:width], *rows)]
    text = newline.join(lines) + draw(st.sampled_from(["", newline]))
    return Written(rows, text.encode(encoding), newline, encoding)


def kept(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Rows that say something: not those of empty cells only, and not the heading again."""
    for number, row in enumerate(rows, 2):
        if any(row) and row != HEADINGS[: len(row)]:
            yield number, row


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(1, 40))
@example(Written((("a", "表"), ("b", "ソ")), "番号,氏名\r\na,表\r\nb,ソ\r\n".encode("cp932"), "\r\n", "cp932"), 1)
def test_every_right_file_is_read_back_as_it_was_written(written: Written, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = opened(written.data, Path(folder), block)
        assert file.header_row == 1
        assert read_back(file) == list(kept(written.rows))
        assert {oddity.kind for oddity in file.oddities} <= {"blank_row", "no_rows", "repeated_heading"}
        assert file.encoding == {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(written.encoding, written.encoding)
        assert file.newline in (written.newline, "")


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r", "表".encode(), b"\xe8", b"\0", b",b\n"]), max_size=40))
@example([b"a,a\n", b'b,"x\n', b"c,d\n", b'e,"f"\n'])
def test_where_blocks_are_cut_makes_no_difference(pieces: list[bytes]) -> None:
    data = "番号,氏名\n".encode() + "1,甲\n".encode() * 8 + b"".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        whole = opened(data, Path(folder))
        expected = read_back(whole), list(whole.oddities), whole.newline
        for block in (1, 3, 7):
            parts = opened(data, Path(folder), block)
            assert (read_back(parts), list(parts.oddities), parts.newline) == expected


@settings(max_examples=300, deadline=None)
@given(tables(), st.booleans())
def test_both_ways_to_find_records_agree_on_right_text(written: Written, is_last: bool) -> None:
    data = written.data if written.encoding == "utf-8" else b'a,"b\n"\r\n'
    for delimiter in ",\t;":
        quickly = records.by_arrays(data, delimiter, is_last=is_last)
        slowly = records.by_record(data, delimiter, is_last=is_last)
        if quickly is not None and records.STRAY not in slowly.cells:
            assert quickly.cells.tolist() == slowly.cells.tolist()
            assert quickly.origins.tolist() == slowly.origins.tolist()
            assert (quickly.taken, quickly.newlines) == (slowly.taken, slowly.newlines)


def test_a_batch_has_row_numbers_and_texts_and_no_nulls(tmp_path: Path) -> None:
    (frame,) = opened("番号,氏名\n1,\n,乙\n".encode(), tmp_path).batches()
    assert frame.schema == {"_row": pl.UInt32, "c0": pl.String, "c1": pl.String}
    assert frame.rows() == [(2, "1", ""), (3, "", "乙")]


def test_reading_twice_finds_the_same_and_tells_it_once(tmp_path: Path) -> None:
    file = opened("番号,氏名\n1\n2,乙\n".encode(), tmp_path)
    first, told = read_back(file), list(file.oddities)
    assert (read_back(file), list(file.oddities)) == (first, told)
    assert [oddity.row for oddity in told] == [2]


def test_the_digest_is_that_of_the_bytes_before_and_after_reading(tmp_path: Path) -> None:
    data = "\ufeff番号,氏名\r\n1,甲\r\n".encode("utf-16-le")
    file, same = opened(data, tmp_path), opened(data, tmp_path)
    before = file.sha256
    read_back(same)
    assert before == same.digest == same.sha256
    assert file.bytes == len(data)


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"a,b\n1,2\n", "\n"),
        (b"a,b\r\n1,2\r\n", "\r\n"),
        (b"a,b\r1,2\r", "\r"),
        (b"a,b\r\n1,2\n", "mixed"),
        (b'a,b\r\n1,"x\ny"\r\n', "\r\n"),
        (b"a,b", ""),
    ],
)
def test_newlines_are_told_without_those_in_quotes(data: bytes, newline: str, tmp_path: Path) -> None:
    file = opened(data, tmp_path)
    read_back(file)
    assert file.newline == newline


def test_newlines_that_change_late_in_a_file_are_mixed(tmp_path: Path) -> None:
    file = opened("番号,氏名\n".encode() + b"1,a\n" * 400_000 + b"2,b\r\n", tmp_path)
    assert file.newline == "\n"
    assert len(read_back(file)) == 400_001
    assert file.newline == "mixed"


@pytest.mark.parametrize(("delimiter", "kind"), [(",", "csv"), ("\t", "tsv"), (";", "csv")])
def test_the_delimiter_is_found(delimiter: str, kind: str, tmp_path: Path) -> None:
    file = opened(f"番号{delimiter}氏名\n1{delimiter}甲、乙\n".encode(), tmp_path)
    assert (file.delimiter, file.kind, file.columns) == (delimiter, kind, ("番号", "氏名"))


def test_the_heading_is_found_below_lines_of_another_kind(tmp_path: Path) -> None:
    data = '#LINK\n#license,http://example.jp/\n"全 2 件",令和6年\n番号,氏名,備考\n1,甲,\n'.encode()
    file = opened(data, tmp_path)
    assert (file.header_row, file.columns) == (4, ("番号", "氏名", "備考"))
    assert read_back(file) == [(5, ("1", "甲", ""))]


def test_known_headings_may_be_written_in_another_width_with_blanks_and_breaks(tmp_path: Path) -> None:
    file = opened('名称,種別\n"番\n号",氏　名,その他\n1,甲,\n'.encode(), tmp_path)
    assert (file.header_row, file.columns) == (2, ("番\n号", "氏　名", "その他"))


def test_a_file_without_a_heading_is_read_from_its_first_row(tmp_path: Path) -> None:
    file = opened(b"1,2026-01-01\n2,2026-01-02\n", tmp_path)
    assert (file.header_row, file.columns) == (0, ("", ""))
    assert read_back(file) == [(1, ("1", "2026-01-01")), (2, ("2", "2026-01-02"))]


def test_unknown_names_are_a_heading_all_the_same(tmp_path: Path) -> None:
    file = opened("id,name\n1,甲\n".encode(), tmp_path)
    assert (file.header_row, file.columns) == (1, ("id", "name"))


def test_comments_are_left_out_where_the_heading_is_marked_as_one(tmp_path: Path) -> None:
    file = opened("#LINK,,\n#property,番号,氏名\n#type,string,string\n1,1,甲\n".encode(), tmp_path)
    assert read_back(file) == [(4, ("1", "1", "甲"))]
    assert [(oddity.kind, oddity.row) for oddity in file.oddities] == [("comment_row", 3)]
