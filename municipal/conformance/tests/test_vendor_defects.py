"""What vendors' files really have is found in its place, what is right but odd is left alone (納入データの欠陥)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.handover.lines import DAY, Files, Line, cast, handover, number, text_of
from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import find

Place = tuple[str, str, int, str]
NUMBERS = {person.cast: number(person) for person in cast()}
ALONE = "\x1e"
"""Becomes a newline that no quotes protect."""


def found(folder: Path, files: Files, pack: str = "") -> list[Place]:
    """Everything found, for information or not, with the pack guessed unless it is named."""
    for name, lines in files.items():
        (folder / name).write_bytes(text_of(lines).replace(ALONE, "\r\n").encode())
    report = check(Asked((folder,), DAY, DAY, (find(pack),) if pack else ()))
    assert all(file.table for file in report.files)
    return sorted(finding.place for result in report.results for finding in result.samples)


def rows_of(files: Files, name: str, who: str) -> list[Line]:
    return [line for line in files[name] if line["宛名番号"] == NUMBERS[who]]


def place(files: Files, code: str, name: str, line: Line, column: str) -> Place:
    return code, name, [id(one) for one in files[name]].index(id(line)) + 2, column


def in_both(files: Files, who: str, cells: Line) -> None:
    """Change the record as it stands, in the file of residents and in the latest row of the history."""
    rows_of(files, "residents.csv", who)[0].update(cells)
    rows_of(files, "history.csv", who)[-1].update(cells)


def test_the_hand_over_that_defects_are_planted_in_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path, handover()) == []


@pytest.mark.clause("resident-record/1.0#1.2.1/m2")
def test_two_latest_rows_after_a_return(tmp_path: Path) -> None:
    files = handover()
    removed = rows_of(files, "history.csv", "returned")[1]
    removed["最新フラグ"] = "1"
    assert found(tmp_path, files) == [place(files, "RES-0051", "history.csv", removed, "最新フラグ")]


@pytest.mark.clause("resident-record/1.0#1.2.1/m2")
def test_no_latest_row_after_a_return(tmp_path: Path) -> None:
    files = handover()
    *_, last = rows_of(files, "history.csv", "returned")
    last["最新フラグ"] = "0"
    assert found(tmp_path, files) == [place(files, "RES-0051", "history.csv", last, "最新フラグ")]


@pytest.mark.clause("resident-record/1.0#1.1.8/n1")
def test_the_first_of_january_1900_without_the_mark_of_unknown(tmp_path: Path) -> None:
    files = handover()
    in_both(files, "unknown_birth", {"生年月日": "1900-01-01", "生年月日_不詳フラグ": "0", "生年月日_不詳表記": ""})
    (line,) = rows_of(files, "residents.csv", "unknown_birth")
    assert found(tmp_path, files) == [place(files, "RES-0009", "residents.csv", line, "生年月日")]


def test_the_first_of_january_1900_for_several_people_is_told_once_more_for_the_day(tmp_path: Path) -> None:
    files = handover()
    people = ("unknown_birth", "birth_year_only", "birth_about", "five_mother", "connection")
    for who in people:
        in_both(files, who, {"生年月日": "1900-01-01", "生年月日_不詳フラグ": "0", "生年月日_不詳表記": ""})
    lines = [rows_of(files, "residents.csv", who)[0] for who in people]
    old = [place(files, "RES-0009", "residents.csv", line, "生年月日") for line in lines]
    assert found(tmp_path, files) == [place(files, "RES-0008", "residents.csv", lines[0], "生年月日"), *old]


@pytest.mark.parametrize("heading", ["住所_町字コード", "転入前住所_町字コード"])
def test_a_lost_leading_zero(tmp_path: Path, heading: str) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "returned")
    line[heading] = "10009"
    assert found(tmp_path, files) == [place(files, "RES-0060", "residents.csv", line, heading)]


def test_a_municipality_code_that_lost_its_zero(tmp_path: Path) -> None:
    """That it is of another town, too, is a consequence: 11002 is 011002, Sapporo."""
    files = handover()
    (line,) = rows_of(files, "residents.csv", "returned")
    line["転入前住所_市区町村コード"] = "11002"
    line |= {"転入前住所_都道府県": "北海道", "転入前住所_市区郡町村名": "札幌市"}
    told = {one[0] for one in found(tmp_path, files) if one[1:] == ("residents.csv", 23, "転入前住所_市区町村コード")}
    assert told >= {"RES-0060"}
    assert told <= {"RES-0060", "ITEM-0008"}
    assert {one[1:] for one in found(tmp_path, files)} == {("residents.csv", 23, "転入前住所_市区町村コード")}


def test_a_postal_code_that_lost_its_zeros(tmp_path: Path) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "lodger")
    line["住所_郵便番号"] = line["住所_郵便番号"].lstrip("0")
    assert found(tmp_path, files) == [place(files, "RES-0143", "residents.csv", line, "住所_郵便番号")]


def test_an_addressee_number_that_a_spreadsheet_made_a_power_of_ten(tmp_path: Path) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "alias")
    line["在留カード等番号"] = "1.2E+11"
    assert found(tmp_path, files) == [place(files, "RES-0061", "residents.csv", line, "在留カード等番号")]


@pytest.mark.parametrize(("mark", "named"), [("〓", "U+3013"), ("\ue123", "U+E123"), ("\uf8ff", "U+F8FF")])
def test_a_mark_for_a_missing_character_is_named_by_its_code_point(tmp_path: Path, mark: str, named: str) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "leap_day")
    line["住所_方書"] = f"青葉{mark}荘"
    assert found(tmp_path, files) == [place(files, "RES-0062", "residents.csv", line, "住所_方書")]
    report = check(Asked((tmp_path,), DAY, DAY, only=frozenset({"RES-0062"})))
    assert [str(one.facts["character"]).split()[0] for result in report.results for one in result.samples] == [named]


def test_a_lost_variation_selector_is_named_by_its_code_point(tmp_path: Path) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "variant_nabe")
    line["氏_日本人"] = line["氏_日本人"].replace("\U000e0103", "")
    assert [one[:3] for one in found(tmp_path, files)] == [place(files, "RES-0064", "residents.csv", line, "")[:3]]
    report = check(Asked((tmp_path,), DAY, DAY, only=frozenset({"RES-0064"})))
    assert ["U+E0103" in str(one.facts["character"]) for result in report.results for one in result.samples] == [True]


@pytest.mark.clause("resident-record/1.0#1.1.11/n1")
def test_grandchild_as_a_relationship(tmp_path: Path) -> None:
    files = handover()
    cells = {"続柄表記": "孫", **{f"続柄コード{position}": "" for position in range(1, 5)}}
    in_both(files, "five_son", cells)
    (line,) = rows_of(files, "residents.csv", "five_son")
    assert found(tmp_path, files) == [place(files, "RES-0101", "residents.csv", line, "続柄表記")]


def test_a_newline_in_an_address_is_one_finding_and_not_one_for_every_column(tmp_path: Path) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "leap_day")
    line["住所_方書"] = f"青葉荘{ALONE}一号室"
    at = place(files, "FILE-0001", "residents.csv", line, "")
    # The people below stand one row lower; whoever refers to the lost row is told that it is not there.
    (own,) = rows_of(files, "history.csv", "leap_day")
    assert found(tmp_path, files) == [at, place(files, "KEY-0002", "history.csv", own, "宛名番号")]


def test_a_newline_in_an_address_of_a_single_file_is_the_only_finding(tmp_path: Path) -> None:
    files = {"residents.csv": handover()["residents.csv"]}
    line = files["residents.csv"][5]
    line["住所_番地号表記"] = f"１番地{ALONE}２"
    assert [one for one in found(tmp_path, files) if one[0] != "RES-0165"] == [
        place(files, "FILE-0001", "residents.csv", line, "")
    ]


def test_a_newline_within_quotes_is_a_cell_and_told_as_one(tmp_path: Path) -> None:
    files = handover()
    (line,) = rows_of(files, "residents.csv", "leap_day")
    line["住所_方書"] = "青葉荘\n一号室"
    assert [one for one in found(tmp_path, files) if one[1] == "residents.csv"] == [
        place(files, "RES-0144", "residents.csv", line, "住所_方書")
    ]


@pytest.mark.clause("resident-record/1.0#1.2.1/m2")
def test_a_truncated_history(tmp_path: Path) -> None:
    files = handover()
    first, second, *_ = rows_of(files, "history.csv", "dead_head")
    files["history.csv"].remove(first)
    assert found(tmp_path, files) == [place(files, "RES-0050", "history.csv", second, "個人履歴番号")]


@pytest.mark.clause("resident-record/1.0#7.2.3/m3")
@pytest.mark.parametrize(("mark", "codes"), [("", ["RES-0055"]), ("1", [])])
def test_a_differential_file_without_deletions(tmp_path: Path, mark: str, codes: list[str]) -> None:
    """Only what changed: the rows after the first of everybody who has more than one, deletions marked or not."""
    history = [line for line in handover()["history.csv"] if line["個人履歴番号"] != "1"]
    for line in history:
        line["削除フラグ"] = "0"
    if mark:
        history.append({**history[-1], "個人履歴番号": "1", "最新フラグ": "0", "削除フラグ": mark})
    told = {one[0] for one in found(tmp_path, {"history.csv": history})}
    assert told - {"RES-0050"} == set(codes)


RIGHT: dict[str, Callable[[Files], None]] = {
    "a household without a head whose name is not known": lambda files: in_both(
        files, "headless_elder", {"世帯主氏名": ""}
    ),
    "removal at the planned day without an arrival notice": lambda files: in_both(
        files, "left_yesterday", {"転入通知年月日": "", "転出年月日（確定）": ""}
    ),
    "an emigrant without an arrival notice": lambda files: in_both(
        files,
        "left_yesterday",
        {
            "転入通知年月日": "",
            "転出先住所（予定）_市区町村コード": "",
            "転出先住所（予定）_町字コード": "",
            "転出先住所（予定）_都道府県": "",
            "転出先住所（予定）_市区郡町村名": "",
            "転出先住所（予定）_町字": "",
            "転出先住所（予定）_番地号表記": "",
            "転出先住所（予定）_郵便番号": "",
            "転出先住所（予定）_国名等": "カナダ",
            "転出先住所（予定）_国外住所": "12 MAPLE ST, OTTAWA",
        },
    ),
    "gaps in member order": lambda files: in_both(files, "five_daughter", {"記載順位": "9"}),
    "items that may be empty": lambda files: in_both(
        files, "leap_day", {"氏名_フリガナ": "", "転入前住所_番地号表記": "", "住所_方書": "", "選挙人名簿登録有無": ""}
    ),
    "a resident since after taking up the address": lambda files: in_both(
        files, "leap_day", {"住民となった年月日": "2019-06-01", "住所を定めた年月日": "2018-04-01"}
    ),
    "a foreign resident since after taking up the address": lambda files: in_both(
        files, "alias", {"外国人住民となった年月日": "2025-06-01", "住所を定めた年月日": "2025-04-01"}
    ),
}


@pytest.mark.clause("resident-record/1.0#1.1.10/m1", "resident-record/1.0#1.1.6/m1")
@pytest.mark.parametrize("why", RIGHT)
def test_right_although_it_looks_odd(tmp_path: Path, why: str) -> None:
    files = handover()
    RIGHT[why](files)
    assert found(tmp_path, files) == []


def test_the_clean_hand_over_holds_what_looks_odd() -> None:
    files = handover()
    elder = rows_of(files, "residents.csv", "headless_elder")[0]
    home = [
        line for line in files["residents.csv"] if line["世帯番号"] == elder["世帯番号"] and line["住民状態"] == "1"
    ]
    assert [line["続柄表記"] for line in home] == ["", ""]
    (left,) = rows_of(files, "residents.csv", "left_yesterday")
    assert left["消除の異動年月日"] == left["転出予定年月日"]
    assert left["転入通知年月日"] == ""


@pytest.mark.clause("resident-record/1.0#3.2/m1")
def test_in_a_hand_over_a_protected_person_comes_with_the_measure(tmp_path: Path) -> None:
    files = handover()
    (child,) = rows_of(files, "residents.csv", "protected_child")
    files["support_measures.csv"] = [
        line for line in files["support_measures.csv"] if line["宛名番号"] != child["宛名番号"]
    ]
    assert found(tmp_path, files) == [place(files, "RES-0164", "residents.csv", child, "宛名番号")]


@pytest.mark.parametrize("is_listed", [True, False])
def test_in_a_list_for_the_public_a_protected_person_is_a_leak(tmp_path: Path, is_listed: bool) -> None:
    """The same family, in a hand-over between registers right (see the clean one), in a disclosure never."""
    files = handover()
    mother = rows_of(files, "residents.csv", "protected_mother")[0]
    other = rows_of(files, "residents.csv", "leap_day")[0]
    columns = ("市区町村コード", "宛名番号", "氏名", "住所_番地号表記")
    people = [{heading: line[heading] for heading in columns} for line in (other, mother if is_listed else other)]
    protected = [{heading: mother[heading] for heading in ("市区町村コード", "宛名番号")}]
    told = found(tmp_path, {"people.csv": people[: 1 + is_listed], "protected.csv": protected}, "resident-disclosure")
    assert {(one[1], one[2]) for one in told} == ({("people.csv", 3)} if is_listed else set())
