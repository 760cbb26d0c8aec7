"""What the cells of official tables mean, and which conditions a machine can read (セルと条件の解釈)."""

from __future__ import annotations

import pytest

from municipal.conformance import conditions
from municipal.conformance.workbooks.cells import length_of, list_name, named_values, samples_in
from municipal.conformance.workbooks.conditions import Surroundings, absences_in, machine_form


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("１００", "N", (100, None)),
        ("10", "X", (10, None)),
        ("-", "X", (None, None)),
        ("", "BLOB", (None, None)),
        ("５，２", "9V", (7, 2)),
        ("5,0", "9V", (5, None)),
    ],
)
def test_lengths_are_understood(text: str, type_: str, expected: tuple[int | None, int | None]) -> None:
    assert length_of(text, type_) == expected


@pytest.mark.parametrize(("text", "type_"), [("可変", "X"), ("5,2", "X"), ("1,2,3", "9V")])
def test_what_is_no_length_is_refused(text: str, type_: str) -> None:
    with pytest.raises(ValueError, match=text):
        length_of(text, type_)


def test_a_code_list_has_one_name_however_it_is_typed() -> None:
    assert {list_name(text) for text in ("2", "002", "００２", " 2 ")} == {"2"}
    assert {list_name("住民記録_012"), list_name("12", "住民記録")} == {"住民記録:12"}


def test_values_in_a_description_are_found_though_the_bracket_is_not_closed() -> None:
    assert named_values("状況（0：無、1：有）を示す") == [("0", "無"), ("1", "有")]
    assert named_values("フラグ（０：該当なし、１：元宛名") == [("0", "該当なし"), ("1", "元宛名")]
    assert named_values("番号（1：だけ）") == []
    assert named_values("住所（都道府県から）") == []


def test_samples_lose_quotation_marks_and_labels() -> None:
    assert samples_in("”0”") == ["0"]
    assert samples_in("・指定都市：横浜市西区\n・町村：足柄上郡中井町") == ["横浜市西区", "足柄上郡中井町"]


TABLE = Surroundings(
    {
        "区分": {"0": "通常", "1": "転入", "2": "出生"},
        "日付": {},
        "日付_不詳フラグ": {"0": "不詳でない", "1": "不詳"},
        "元フラグ": {"0": "該当なし", "1": "元宛名"},
        "住所_町字コード": {},
        "住所_町字": {},
        "変&な名": {},
        "この項目": {},
    },
    absences_in("住所_町字コード", "※住所に町字がない場合は、0000000を設定すること"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        '区分"1"、または"2"の場合は必須': "区分=1|2",
        "区分が1または2の場合は必須": "区分=1|2",
        "区分が「転入」の場合は出力必須": "区分=1",
        "区分が「転入」かつ日付が設定されている場合は出力必須": "区分=1 & 日付",
        "区分が「転入」の場合かつ日付が設定されていない場合は必須": "区分=1 & !日付",
        "区分が「出生」、または日付が存在する場合は出力必須。": "区分=2 ; 日付",
        "日付が不詳の場合は出力必須": "日付_不詳フラグ=1",
        "元となった宛名の場合は必須": "元フラグ=1",
        "住所に町字が存在する場合は出力必須": "住所_町字コード & 住所_町字コード!=0000000",
        "区分が「離婚」の場合は必須": "",
        "この項目が存在する場合は必須": "",
        "変&な名が存在する場合は必須": "",
        "住所に方書が存在する場合は出力必須": "",
        "氏名未定でない場合は出力必須": "",
        "区分が「転入」で氏名未定でない場合は出力必須": "",
        "区分が「転入」かつ氏名未定でない場合は出力必須": "",
        "区分が「転入」の場合に設定する": "",
        "": "",
    }.items(),
)
def test_conditions_become_machine_readable_only_where_they_are_clear(text: str, expected: str) -> None:
    assert machine_form(text, "この項目", TABLE) == expected
    assert not expected or conditions.parse(expected).headings <= TABLE.codes.keys()
