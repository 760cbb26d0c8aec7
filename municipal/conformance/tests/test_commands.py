"""What the command promises: its exit status above all, whatever it is given (コマンドの試験)."""

import csv
import io
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fixtures import handover
from municipal.conformance import reports
from municipal.conformance.commands import main
from municipal.conformance.commands.progress import Progress
from municipal.conformance.packs import find
from municipal.conformance.rules import all_rules
from municipal.conformance.tests.commands_run import interrupt_when, run

TRAINING = Path(handover.__file__).parent
GOOD, BROKEN = TRAINING / "good", TRAINING / "broken"
TODAY = ("--today", "2026-11-23")
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def conform(capfdbinary: pytest.CaptureFixture[bytes]) -> Said:
    def said(*arguments: str | Path) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return status, out.decode(), err.decode()

    return said


def result_of(report: str, code: str) -> dict[str, Any]:
    (found,) = [result for result in json.loads(report)["results"] if result["code"] == code]
    return dict(found)


def counts(report: str) -> dict[str, int]:
    """By rule; one that rests on sure and on provisional facts has two results."""
    found: Counter[str] = Counter()
    for result in json.loads(report)["results"]:
        found[result["code"]] += result["count"]
    return dict(+found)


def breaks(*_: object) -> pl.Expr:
    raise ZeroDivisionError("甲野花子")


def no_such_column(*_: object) -> pl.Expr:
    return pl.col("nowhere") == ""


def test_nothing_found_is_zero(conform: Said) -> None:
    status, out, err = conform("check", GOOD, *TODAY)
    assert status == 0
    assert out.startswith("指摘はありません。")
    assert not re.search("適合(して|する|です|性を)", out)
    assert err == ""


def test_findings_are_one_and_the_guess_is_told(conform: Said) -> None:
    status, out, _ = conform("check", BROKEN, *TODAY, "--format", "json")
    assert status == json.loads(out)["exit"] == 1
    assert all("headings" in file["guess"] for file in json.loads(out)["files"])


def test_a_file_that_nobody_knows_is_two(conform: Said, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert conform("check", tmp_path, *TODAY)[0] == 2
    assert conform("check", tmp_path, *TODAY, "--only", "RES-0101")[0] == 2


def test_findings_go_before_incompleteness(conform: Said, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (tmp_path / "residents.csv").write_text(
        "宛名番号,世帯番号,続柄表記,生年月日\n1,1,孫,1980-01-01\n", encoding="utf-8"
    )
    status, out, _ = conform("check", tmp_path, *TODAY, "--format", "json")
    assert status == 1
    assert result_of(out, "FILE-0100")["outcome"] == "untested"


@pytest.mark.parametrize(
    ("code", "part", "replaced"),
    [
        ("RES-0012", "fast", breaks),
        ("RES-0012", "fast", no_such_column),
        ("RES-0101", "judge", breaks),
        ("ITEM-0003", "fast", no_such_column),
        ("KEY-0001", "fast", breaks),
        ("FILE-0042", "judge", breaks),
    ],
)
def test_a_rule_that_breaks_is_our_fault_and_hides_nothing(
    code: str, part: str, replaced: Any, conform: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = counts(conform("check", BROKEN, *TODAY, "--format", "json")[1])
    monkeypatch.setattr(all_rules()[code], part, replaced)
    status, out, err = conform("check", BROKEN, *TODAY, "--format", "json")
    assert status == json.loads(out)["exit"] == 3
    assert err.count("\n") == 1
    assert code in err
    assert "甲野" not in out + err
    broken = result_of(out, code)
    assert (broken["outcome"], broken["count"], broken["findings"]) == ("untested", 0, [])
    assert "failed" in broken["reason"]["en"]
    assert counts(out) == {other: count for other, count in sound.items() if other != code}


def test_a_fault_outside_of_the_rules_is_one_sentence(conform: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.conformance.commands.checking.check", breaks)
    status, out, err = conform("check", GOOD, *TODAY)
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert "ZeroDivisionError" in err
    assert "甲野" not in err


def test_provisional_findings_stand_apart_and_are_zero(conform: Said, tmp_path: Path) -> None:
    rows = [f"{number},{number},1900-01-01" for number in range(5)]
    text = "\n".join(["宛名番号,世帯番号,生年月日", *rows])
    (tmp_path / "residents.csv").write_text(text, encoding="utf-8")
    status, out, _ = conform("check", tmp_path, *TODAY, "--format", "json")
    assert status == 0
    assert counts(out) == {"RES-0008": 1}
    assert (result_of(out, "RES-0008")["section"], result_of(out, "RES-0008")["decisive"]) == ("provisional", 0)


WRONG: dict[str, tuple[str, ...]] = {
    "no command": (),
    "a command that is none": ("judge",),
    "no path": ("check",),
    "a path that is not there": ("check", "/nowhere"),
    "an empty path": ("check", ""),
    "a day that is none": ("check", str(GOOD), "--today", "2026-02-30"),
    "a day in another notation": ("check", str(GOOD), "--as-of", "20261123"),
    "a format that is none": ("check", str(GOOD), "--format", "yaml"),
    "a level that is none": ("check", str(GOOD), "--privacy", "all"),
    "a number below nothing": ("check", str(GOOD), "--samples", "-1"),
    "a rule that is none": ("check", str(GOOD), "--only", "RES-9999"),
    "a pack that is none": ("check", str(GOOD), "--pack", "nowhere"),
    "a version that is none": ("check", str(GOOD), "--pack", "resident-record-data@9"),
    "a pack that describes no files": ("check", str(GOOD), "--pack", "resident-record"),
    "a report in a folder that is not there": ("check", str(GOOD), "--output", "/nowhere/x.json"),
    "a report in place of a folder": ("check", str(GOOD), "--output", str(GOOD)),
    "waivers that are not there": ("check", str(GOOD), "--waivers", "/nowhere"),
    "a baseline that is not there": ("check", str(GOOD), "--baseline", "/nowhere"),
    "a baseline that is no report": ("check", str(GOOD), "--baseline", str(GOOD / "residents.csv")),
    "a picture that is not there": ("qr", "nowhere.png"),
    "a folder of pictures": ("qr", str(GOOD)),
    "a standard without requirements": ("attest", "tabular-file"),
    "a standard that is none": ("attest", "nowhere"),
    "a workbook that is none": ("import-workbook", str(GOOD / "residents.csv"), "--into", "/nowhere"),
    "a folder without packs": ("lint-spec", str(GOOD)),
    "two packs of which one is none": ("diff", "tabular-file", "nowhere"),
    "a report to sign that is none": ("sign", str(GOOD / "residents.csv"), "--key", "/nowhere"),
    "a report to verify that is not there": ("verify", "/nowhere"),
    "a key that would be written over": ("keygen", str(GOOD / "residents.csv")),
}


@pytest.mark.parametrize("why", WRONG)
def test_wrong_usage_is_sixty_four_with_a_sentence(why: str, conform: Said) -> None:
    status, out, err = conform(*WRONG[why])
    assert (status, out) == (64, "")
    assert err.strip()


def test_every_command_has_help_in_both_languages(conform: Said) -> None:
    status, out, _ = conform("--help")
    assert status == 0
    for name in "check packs manuals import-workbook lint-spec diff lint-migration qr attest sign verify".split():  # noqa: SIM905
        assert re.search(rf"^    {name}\s", out, re.MULTILINE)
        assert conform(name, "--help")[0] == 0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two processes, two orders of the folder, two places."""
    for name, order in (("a", sorted), ("b", lambda files: sorted(files, reverse=True))):
        (tmp_path / name).mkdir()
        for file in order(BROKEN.iterdir()):
            shutil.copy(file, tmp_path / name / file.name)
    for form in ("json", "html"):
        ran = [
            run("check", tmp_path / name, *TODAY, "--format", form, environment={"PYTHONHASHSEED": seed})
            for name, seed in (("a", "1"), ("b", "2"))
        ]
        assert ran[0].out == ran[1].out
        assert ran[0].status == ran[1].status == 1


def test_every_format_tells_the_same_counts(conform: Said) -> None:
    told = {form: conform("check", BROKEN, *TODAY, "--format", form)[1] for form in reports.FORMATS}
    wanted = counts(told["json"])
    lines = csv.DictReader(io.StringIO(told["csv"].lstrip("\ufeff")))
    findings = [line["規則 rule"] for line in lines if line["種別 kind"] == "指摘 finding"]
    assert {code: findings.count(code) for code in wanted} == wanted
    results = json.loads(told["sarif"])["runs"][0]["results"]
    assert {code: sum(one["ruleId"] == code for one in results) for code in wanted} == wanted
    for code, count in wanted.items():
        assert sum(map(int, re.findall(rf"^{code} \S+ ([0-9]+)件", told["text"], re.MULTILINE))) == count
        assert code in told["html"]
        assert code in told["junit"]


def test_a_report_is_put_in_its_place_whole(conform: Said, tmp_path: Path) -> None:
    for form in reports.FORMATS:
        status, out, _ = conform("check", GOOD, *TODAY, "--format", form, "--output", tmp_path / form)
        assert (status, out) == (0, "")
        assert (tmp_path / form).read_bytes().decode() == conform("check", GOOD, *TODAY, "--format", form)[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(reports.FORMATS)


def test_an_interrupted_run_leaves_no_report_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    big, report, started = tmp_path / "in", tmp_path / "report.json", tmp_path / "tmp"
    big.mkdir()
    started.mkdir()
    lines = (f"{number},{number},1980-01-01,甲野　{number}\n" for number in range(2_000_000))
    (big / "residents.csv").write_text("宛名番号,世帯番号,生年月日,氏名\n" + "".join(lines), encoding="utf-8")
    shutil.make_archive(str(tmp_path / "in"), "zip", big)
    report.write_text("old", encoding="utf-8")
    ran = run(
        *("check", tmp_path / "in.zip", "--output", report),
        environment={"TMPDIR": str(started)},
        meanwhile=interrupt_when(lambda: any(started.rglob("member"))),
    )
    assert ran.status == 130
    assert "Interrupted" in ran.said
    assert "Traceback" not in ran.said
    assert report.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "in.zip", "report.json", "tmp"]
    assert list(started.iterdir()) == []


def test_progress_is_silent_for_two_seconds_and_then_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("municipal.conformance.commands.progress.time.monotonic", lambda: now)
    progress = Progress()
    now = 101.9
    progress("residents.csv", 1, 4)
    assert capsys.readouterr().err == ""
    now = 102.1
    progress("residents.csv", 1, 4)
    progress("residents.csv", 2, 4)
    progress.end()
    assert capsys.readouterr().err == " 25%  residents.csv\n"


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
@pytest.mark.parametrize(
    "arguments", [("check", str(BROKEN), *TODAY), ("check", "/nowhere"), ("--help",), ("check", "-h")]
)
def test_no_terminal_makes_it_fail(encoding: str, arguments: tuple[str, ...]) -> None:
    usual = run(*arguments)
    ran = run(*arguments, environment={"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert ran.status == usual.status
    assert b"Traceback" not in ran.err
    if "/nowhere" not in arguments and "check" in arguments and "-h" not in arguments:
        assert ran.out == usual.out


def test_a_reader_that_goes_away_is_no_fault() -> None:
    pipe = '"$0" -m municipal.conformance check "$1" --format json | head -c 1'
    ran = run(BROKEN, command=("sh", "-c", pipe, sys.executable))
    assert (ran.out, [line for line in ran.err.splitlines() if b"%" not in line]) == (b"{", [])  # but progress


@pytest.mark.parametrize(
    "name", [b"residents (1).csv", "住民 一覧.csv".encode(), b"residents\xff.csv", b"-residents.csv"]
)
def test_any_name_of_a_file_can_be_judged_and_reported(name: bytes, tmp_path: Path) -> None:
    path = bytes(tmp_path) + b"/" + name
    with open(path, "wb") as file:
        file.write((BROKEN / "residents.csv").read_bytes())
    for form in ("text", "json"):
        ran = run("check", path, *TODAY, "--format", form)
        assert ran.status == 1
        assert ran.text
        assert b"Traceback" not in ran.err


def test_the_console_script_is_this_command() -> None:
    project = (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'conform = "municipal.conformance.commands:main"' in project
    assert find("tabular-file").name == "tabular-file@1"
