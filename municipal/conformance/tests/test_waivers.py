"""Waivers set aside exactly what they say, until their day, and never in silence (免除の試験)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from municipal.conformance import waivers
from municipal.conformance.findings import Exit, Finding, Outcome
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import TODAY, finding, report, result

GOOD = {
    "rule": '"RES-0001"',
    "scope": '{ file = "res*.csv", column = "続柄_表記", rows = [2, "5-7"] }',
    "reason": '"old words, corrected at the counter"',
    "approver": '"市民課長"',
    "expires": "2027-03-31",
}


def read(tmp_path: Path, *entries: dict[str, str], today: date = TODAY) -> waivers.Waivers:
    file = tmp_path / "waivers.toml"
    file.write_text(
        "\n".join(
            "[[waiver]]\n" + "\n".join(f"{name} = {value}" for name, value in entry.items()) for entry in entries
        ),
        encoding="utf-8",
    )
    return waivers.read(file, today)


@pytest.mark.parametrize(
    ("place", "is_covered"),
    [
        (Finding("residents.csv", 2, "続柄_表記", "RES-0001"), True),
        (Finding("residents.csv", 5, "続柄_表記", "RES-0001"), True),
        (Finding("residents.csv", 7, "続柄_表記", "RES-0001"), True),
        (Finding("residents.csv", 8, "続柄_表記", "RES-0001"), False),
        (Finding("residents.csv", 3, "続柄_表記", "RES-0001"), False),
        (Finding("residents.csv", 2, "氏名", "RES-0001"), False),
        (Finding("households.csv", 2, "続柄_表記", "RES-0001"), False),
        (Finding("Residents.csv", 2, "続柄_表記", "RES-0001"), False),
        (Finding("residents.csv", 2, "続柄_表記", "RES-0002"), False),
    ],
)
def test_a_waiver_covers_its_scope_and_nothing_beside_it(tmp_path: Path, place: Finding, is_covered: bool) -> None:
    assert read(tmp_path, GOOD).covers(place) is is_covered


def test_without_column_and_rows_all_of_the_file_is_meant(tmp_path: Path) -> None:
    given = read(tmp_path, {**GOOD, "scope": '{ file = "*" }'})
    assert given.covers(finding("RES-0001", 12345, "", file="x/y.csv"))
    assert given.covers_rule("RES-0001", "x/y.csv")
    assert not given.covers_rule("RES-0002", "x/y.csv")


def test_a_waiver_of_some_rows_does_not_cover_a_rule_at_once(tmp_path: Path) -> None:
    given = read(tmp_path, GOOD)
    assert given.names("RES-0001")
    assert not given.covers_rule("RES-0001", "residents.csv")
    assert given.problems() != ()


def test_a_waiver_used_by_either_question_is_used(tmp_path: Path) -> None:
    one, other = (read(tmp_path, {**GOOD, "scope": '{ file = "*" }'}) for _ in range(2))
    one.covers(finding("RES-0001", 2))
    other.covers_rule("RES-0001", "residents.csv")
    assert one.problems() == other.problems() == ()


@pytest.mark.parametrize(("days", "is_covered"), [(-1, True), (0, True), (1, False)])
def test_a_waiver_holds_through_its_last_day(tmp_path: Path, days: int, is_covered: bool) -> None:
    given = read(tmp_path, GOOD, today=date(2027, 3, 31) + timedelta(days))
    assert given.covers(finding("RES-0001", 2)) is is_covered
    assert given.names("RES-0001") is is_covered
    assert bool(given.problems()) is not is_covered


def test_unused_and_expired_waivers_are_named_in_both_languages(tmp_path: Path) -> None:
    given = read(tmp_path, GOOD, {**GOOD, "expires": "2026-11-22"})
    (unused_ja, unused_en), (expired_ja, expired_en) = given.problems()
    assert unused_ja.startswith("免除 RES-0001 (res*.csv / 続柄_表記 / 2, 5-7) に当たる指摘はありませんでした。")
    assert "met no finding" in unused_en
    assert "2026-11-22 に期限が切れています" in expired_ja
    assert "expired on 2026-11-22" in expired_en


def failing(*rows: int, **changes: object) -> Report:
    return report(result("RES-0001", Outcome.FAILED, *(finding("RES-0001", row) for row in rows), **changes))


def test_a_rule_all_of_whose_findings_are_waived_is_waived_and_not_passed(tmp_path: Path) -> None:
    made = waivers.apply(failing(2, 5), read(tmp_path, GOOD))
    assert made.results[0].outcome is Outcome.WAIVED
    assert (made.results[0].count, made.results[0].waived, made.results[0].decisive) == (2, 2, 0)
    assert len(made.results[0].samples) == 2
    assert made.exit is Exit.NOTHING_FOUND


def test_a_rule_with_one_finding_left_still_fails(tmp_path: Path) -> None:
    made = waivers.apply(failing(2, 3), read(tmp_path, GOOD))
    assert made.results[0].outcome is Outcome.FAILED
    assert (made.results[0].waived, made.results[0].decisive) == (1, 1)
    assert made.exit is Exit.FINDINGS


def test_findings_that_are_not_listed_are_not_taken_for_waived(tmp_path: Path) -> None:
    made = waivers.apply(failing(2, 5, count=9, decisive=9), read(tmp_path, GOOD))
    assert (made.results[0].outcome, made.results[0].waived, made.results[0].decisive) == (Outcome.FAILED, 2, 7)


def test_the_count_of_the_engine_which_saw_all_findings_stands(tmp_path: Path) -> None:
    made = waivers.apply(failing(2, count=9, decisive=0, waived=9), read(tmp_path, GOOD))
    assert (made.results[0].outcome, made.results[0].waived) == (Outcome.WAIVED, 9)


def test_an_unused_waiver_makes_the_run_fail_once_however_often_it_is_applied(tmp_path: Path) -> None:
    given = read(tmp_path, GOOD)
    made = waivers.apply(waivers.apply(report(result("RES-0001")), given), given)
    assert made.results[0].outcome is Outcome.PASSED
    assert len(made.problems) == 1
    assert made.exit is Exit.FINDINGS


def test_what_cannot_be_told_stays_so_when_it_is_waived(tmp_path: Path) -> None:
    given = read(tmp_path, {**GOOD, "rule": '"RES-0003"', "scope": '{ file = "*" }'})
    made = waivers.apply(report(result("RES-0003", Outcome.CANNOT_TELL, finding("RES-0003", 6))), given)
    assert made.results[0].outcome is Outcome.CANNOT_TELL
    assert made.results[0].waived == 1


@pytest.mark.parametrize("missing", list(GOOD))
def test_every_field_is_compulsory(tmp_path: Path, missing: str) -> None:
    entry = {name: value for name, value in GOOD.items() if name != missing}
    with pytest.raises(waivers.UnreadableWaivers, match=f"1件目の {missing} が正しくありません") as refused:
        read(tmp_path, entry)
    assert refused.value.en == f"Waiver file waivers.toml: entry 1: {missing} is not right."


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("rule", '"RES-12"', "rule"),
        ("rule", '"*"', "rule"),
        ("reason", '"  "', "reason"),
        ("approver", "7", "approver"),
        ("expires", '"2027-03-31"', "expires"),
        ("expires", "2027-03-31T00:00:00", "expires"),
        ("owner", '"x"', "owner"),
        ("scope", "{}", "scope.file"),
        ("scope", '{ file = "" }', "scope.file"),
        ("scope", '{ file = "*", colum = "x" }', "scope.colum"),
        ("scope", '{ file = "*", column = 1 }', "scope.column"),
        ("scope", '{ file = "*", rows = [] }', "scope.rows"),
        ("scope", '{ file = "*", rows = ["7-5"] }', "scope.rows"),
        ("scope", '{ file = "*", rows = [true] }', "scope.rows"),
        ("scope", '{ file = "*", rows = [-1] }', "scope.rows"),
        ("scope", '{ file = "*", rows = "2" }', "scope.rows"),
    ],
)
def test_a_slip_of_the_pen_never_widens_a_waiver(tmp_path: Path, name: str, value: str, fault: str) -> None:
    with pytest.raises(waivers.UnreadableWaivers) as refused:
        read(tmp_path, {**GOOD, name: value})
    assert f"entry 1: {fault} is not right" in refused.value.en


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[waiver]\nrule='x'",
        b"waiver = 1",
        b"waiver = ['x']",
        b"x = [",
        b"\xff\xfe",
        b"\0",
        b"a = " + b"[" * 5000,
        b"[[waiver]]\n[other]\n",
    ],
)
def test_a_file_that_is_none_of_waivers_is_refused_in_both_languages(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "waivers.toml"
    file.write_bytes(data)
    with pytest.raises(waivers.UnreadableWaivers) as refused:
        waivers.read(file, TODAY)
    assert refused.value.ja.startswith("免除ファイル waivers.toml：")
    assert refused.value.en.startswith("Waiver file waivers.toml: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(waivers.UnreadableWaivers, match="cannot be opened"):
        waivers.read(tmp_path / "none.toml", TODAY)


@pytest.mark.parametrize(("rows", "covered"), [("[0]", [0]), ('["5-5"]', [5]), ('["0-1"]', [0, 1])])
def test_rows_may_name_the_whole_file_and_a_span_of_one(tmp_path: Path, rows: str, covered: list[int]) -> None:
    given = read(tmp_path, {**GOOD, "scope": f'{{ file = "*", rows = {rows} }}'})
    assert [row for row in range(9) if given.covers(finding("RES-0001", row))] == covered
