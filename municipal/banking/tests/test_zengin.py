"""Records of 120 bytes: there and back, and every way in which a file is none (全銀データの試験)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.banking.zengin.files import File, read, refuse_wrong_totals, written
from municipal.banking.zengin.layouts import DEBIT, LENGTH, TRANSFER, codes, codes_in_english, layout
from municipal.banking.zengin.letters import ALLOWED, as_letters, decoded, encoded
from municipal.core.refusals import Refused

LETTERS = st.text(sorted(ALLOWED), max_size=30).map(lambda text: text.rstrip(" "))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "bank": st.integers(0, 9999).map("{:04}".format), "branch": st.integers(0, 999).map("{:03}".format),
            "number": st.integers(0, 9_999_999).map("{:07}".format), "holder": LETTERS,
            "yen": st.integers(1, 9_999_999_999), "customer": st.integers(0, 10**20 - 1).map("{:020}".format),
        }
    ),
    max_size=5,
)  # fmt: skip


def file_of(*rows: dict[str, Any], **totals: int) -> bytes:
    sums = {"count": len(rows), "yen": sum(row["yen"] for row in rows)}
    return written(DEBIT, {"client": "1", "client_name": "ﾐﾎﾝｼ", "day": "1130"}, rows, sums | totals)


ROW: dict[str, Any] = {"bank": "9990", "number": "1234567", "holder": "ｺｳﾉ ﾀﾛｳ", "yen": 5_000, "customer": "7"}
WHOLE = file_of(ROW, ROW)


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as said:
        read(DEBIT, data)
    assert said.value.field == "file"
    return str(said.value)


@pytest.mark.parametrize("name", [DEBIT, TRANSFER])
def test_the_fields_of_every_record_follow_each_other_and_fill_120_bytes(name: str) -> None:
    for record in layout(name).records.values():
        at = 0
        for field in record.fields:
            assert field.offset == at
            at += field.width
        assert at == LENGTH
    assert [record.mark for record in layout(name).records.values()] == ["1", "2", "8", "9"]


@pytest.mark.parametrize("name", ["result", "debit_kind", "transfer_kind", "return_reason"])
def test_every_code_has_a_name_in_both_languages(name: str) -> None:
    assert codes(name).keys() == codes_in_english(name).keys()
    assert all(codes(name).values())
    assert all(text.isascii() for text in codes_in_english(name).values())


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[dict[str, Any]]) -> None:
    data = file_of(*rows)
    assert len(data) == (len(rows) + 3) * (LENGTH + 2)
    found = read(DEBIT, data)
    said = [{name: row.said[name] for name in rows[0]} | {"yen": row.yen} for row in found.rows]
    assert said == rows
    assert [row.line for row in found.rows] == list(range(2, len(rows) + 2))


@pytest.mark.parametrize(
    "data", [WHOLE.replace(b"\r\n", b""), WHOLE.replace(b"\r\n", b"\n"), WHOLE + b"\x1a", WHOLE[:-2]]
)
def test_line_ends_and_a_sign_of_the_end_may_be_there_or_not(data: bytes) -> None:
    assert read(DEBIT, data) == read(DEBIT, WHOLE)


@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b""])
def test_a_file_cut_at_every_sixteenth_is_refused(ends: bytes) -> None:
    data = WHOLE.replace(b"\r\n", ends)
    for part in range(16):
        assert refused(data[: len(data) * part // 16])


def test_a_file_cut_at_the_end_of_a_record_is_refused() -> None:
    for records in range(5):
        assert "途中で切れています" in refused(WHOLE[: records * (LENGTH + 2)])


@pytest.mark.parametrize(
    ("totals", "says"),
    [
        ({"count": 3}, "合計 3件 10000円が、明細の合計 2件 10000円と合いません"),
        ({"yen": 9_999}, "4行目"),
        ({"yen": 0, "count": 0}, "0件 0円"),
    ],
)
def test_a_wrong_trailer_is_refused_with_both_sums(totals: dict[str, int], says: str) -> None:
    assert says in refused(file_of(ROW, ROW, **totals))


def _with(line: int, offset: int, said: bytes) -> bytes:
    at = (line - 1) * (LENGTH + 2) + offset
    return WHOLE[:at] + said + WHOLE[at + len(said) :]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "途中で切れています"),
        (b"\x00" * 240, "1行目のデータ区分"),
        (WHOLE[: LENGTH + 2] + WHOLE, "2行目のレコードの順序"),
        (WHOLE + WHOLE, "6行目のレコードの順序"),
        (WHOLE[LENGTH + 2 :], "1行目のレコードの順序"),
        (WHOLE.replace(b"\r\n", b"\r\n\r\n"), "2行目の長さが0バイト"),
        (WHOLE[:50] + WHOLE[51:], "1行目の長さが119バイト"),
        (_with(1, 0, b"\xf1"), "EBCDIC"),
        (_with(1, 3, b"1"), "「コード区分」が「1」です"),
        (_with(1, 1, b"21"), "「種別コード」が「21」です"),
        (_with(2, 0, b"5"), "2行目のデータ区分"),
        (_with(2, 80, b"-"), "「引落金額」が数字ではありません"),
        (_with(2, 80, b" "), "「引落金額」が数字ではありません"),
        (_with(3, 50, b"a"), "3行目の「預金者名」に、銀行のデータに使えない文字"),
        (_with(3, 50, "甲".encode("cp932")), "3行目の「預金者名」"),
        (_with(3, 50, b"\xa6"), "3行目の「預金者名」"),
        ("納付番号\n".encode(), "1行目の長さ"),
        (b"PK\x03\x04" + b"\x00" * 236, "1行目のデータ区分"),
    ],
)  # fmt: skip
def test_every_fault_is_one_sentence_that_names_the_line(data: bytes, says: str) -> None:
    assert says in refused(data)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert "20MB" in refused(b"1" * (20 * 1024 * 1024 + 1))


def test_sums_of_a_part_of_the_lines_are_checked_too() -> None:
    found: File = read(DEBIT, WHOLE)
    refuse_wrong_totals(found, "count", "yen", found.rows)
    with pytest.raises(Refused, match="合いません"):
        refuse_wrong_totals(found, "paid_count", "paid_yen", found.rows)


@pytest.mark.parametrize(
    "row", [{"holder": "ｺ" * 31}, {"yen": 10_000_000_000}, {"bank": "99x"}, {"holder": "甲野"}, {"yen": -1}]
)
def test_what_does_not_fit_a_field_is_never_written(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"hold|letters"):
        written(DEBIT, {}, [row], {})


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("こうの　たろう", "ｺｳﾉ ﾀﾛｳ"),
        ("コウノ　タロー", "ｺｳﾉ ﾀﾛ-"),
        ("ｺｳﾉ ﾀﾛｰ", "ｺｳﾉ ﾀﾛ-"),
        ("ジョン・スミス".replace("・", " "), "ｼﾞﾖﾝ ｽﾐｽ"),
        ("ガギグ パピプ ヴェ", "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟﾌﾟ ｳﾞｴ"),
        ("ｶ)ミホン", "ｶ)ﾐﾎﾝ"),
        ("カ）ミホン", "ｶ)ﾐﾎﾝ"),
        ("abc株".replace("株", " ｃｏ．"), "ABC CO."),
        ("か゛", "ｶﾞ"),
        ("￥1,000", "¥1,000"),
        ("ａ‐ｂ−ｃ", "A-B-C"),
        ("「ア」", "｢ｱ｣"),
        ("  ア  ", "ｱ"),
    ],
)
def test_what_people_type_becomes_what_banks_write(typed: str, letters: str) -> None:
    assert as_letters(typed, 30, "holder") == letters
    assert decoded(encoded(letters)) == letters


@pytest.mark.parametrize(
    ("typed", "named"), [("甲野", "甲"), ("ヲ", "ヲ"), ("ア・イ", "・"), ("ア\x00", "\x00"), ("ア;", ";")]
)
def test_a_letter_that_no_bank_passes_on_is_named(typed: str, named: str) -> None:
    with pytest.raises(Refused) as said:
        as_letters(typed, 30, "holder")
    assert (said.value.field, said.value.values["letter"]) == ("holder", named)


def test_a_voiced_letter_counts_twice() -> None:
    assert as_letters("ガ" * 15, 30, "holder") == "ｶﾞ" * 15
    with pytest.raises(Refused, match="30文字まで"):
        as_letters("ガ" * 16, 30, "holder")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_refused_or_can_be_written(typed: str) -> None:
    try:
        letters = as_letters(typed, 30, "holder")
    except Refused:
        return
    assert len(encoded(letters)) <= 30
