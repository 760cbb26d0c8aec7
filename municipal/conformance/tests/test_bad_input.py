"""Hostile and broken input at the command: a clear finding, no traceback, bounded memory (悪い入力の試験)."""

import io
import json
import os
import random
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from municipal.conformance.tests import commands_run
from municipal.conformance.tests.commands_run import MEASURED, WITHOUT_PRIVILEGE, Ran

HEAD = "市区町村コード,宛名番号,世帯番号,氏名,生年月日\r\n"
ROWS = [f"990019,{number:010},{number:010},甲野　花子,1980-01-{number % 28 + 1:02}\r\n" for number in range(1, 60)]
RIGHT = (HEAD + "".join(ROWS)).encode()
TODAY = ("--today", "2026-11-23")
MOST_MEGABYTES = 800


def zipped(*members: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packed) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def bomb(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(64):
            member.write(b"a" * (1 << 20))
    return target.getvalue()


def noise() -> bytes:
    return random.Random(7).randbytes(50_000)


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no byte": ("residents.csv", lambda: b"", "FILE-0021"),
    "only newlines": ("residents.csv", lambda: b"\r\n\r\n", "FILE-0021"),
    "only a mark": ("residents.csv", lambda: b"\xef\xbb\xbf", "FILE-0021"),
    "only a heading": ("residents.csv", HEAD.encode, "FILE-0010"),
    "truncated zip": ("x.zip", lambda: zipped(("residents.csv", RIGHT))[:-40], "FILE-0031"),
    "half a zip": ("x.zip", lambda: zipped(("residents.csv", noise()))[:30_000], "FILE-0031"),
    "zip bomb": ("x.zip", lambda: bomb("residents.csv"), "FILE-0032"),
    "workbook bomb": ("x.xlsx", lambda: bomb("xl/worksheets/sheet1.xml"), "FILE-0032"),
    "path in a zip": ("x.zip", lambda: zipped(("../../residents.csv", RIGHT)), "FILE-0029"),
    "root in a zip": ("x.zip", lambda: zipped(("/etc/residents.csv", RIGHT)), "FILE-0029"),
    "empty zip": ("x.zip", lambda: zipped(), "FILE-0028"),
    "zip in zip in zip": (
        "x.zip",
        lambda: zipped(("b.zip", zipped(("c.zip", zipped(("residents.csv", RIGHT)))))),
        "FILE-0034",
    ),
    "EUC-JP": ("residents.csv", lambda: RIGHT.decode().encode("euc-jp"), "FILE-0022"),
    "two encodings": ("residents.csv", lambda: RIGHT + ROWS[0].replace("1", "7").encode("cp932"), "FILE-0006"),
    "noise": ("residents.csv", noise, "FILE-0022"),
    "mixed newlines": ("residents.csv", lambda: RIGHT[:-2] + b"\n", "FILE-0043"),
    "NUL": ("residents.csv", lambda: RIGHT.replace("甲".encode(), b"\0", 1), "FILE-0005"),
    "a million columns": ("residents.csv", lambda: b",".join([b"x"] * 1_000_000) + b"\n", "FILE-0023"),
    "a million cells in a row": ("residents.csv", lambda: RIGHT + b"," * 1_000_000 + b"\r\n", "FILE-0003"),
    "deep JSON": ("residents.json", lambda: b"[" * 200_000, "FILE-0024"),
    "half a JSON": ("residents.json", lambda: '[{"宛名番号": "1"}, {'.encode(), "FILE-0024"),
    "no Parquet": ("residents.parquet", lambda: b"PAR1" + noise() + b"PAR1", "FILE-0024"),
    "no workbook": ("residents.xlsx", lambda: zipped(("xl/workbook.xml", b"<")), "FILE-0024"),
}


def run(*arguments: str | Path, environment: Mapping[str, str] | None = None, before: Sequence[str] = ()) -> Ran:
    """A measured run in a process of its own."""
    command = (sys.executable, *before, "-c", MEASURED)
    return commands_run.run(*arguments, environment=environment, command=command)


def codes(ran: Ran) -> list[str]:
    """The rules that decided, read from the JSON report."""
    return [result["code"] for result in json.loads(ran.out)["results"] if result["decisive"]]


def assert_found(ran: Ran, code: str) -> None:
    assert ran.status == 1
    assert b"Traceback" not in ran.err
    assert codes(ran) == [code]
    assert ran.megabytes < MOST_MEGABYTES


@pytest.mark.walk
@pytest.mark.parametrize("why", FILES)
def test_bad_input_is_one_clear_finding(why: str, tmp_path: Path) -> None:
    name, make, code = FILES[why]
    (tmp_path / name).write_bytes(make())
    assert_found(run("check", tmp_path, *TODAY, "--format", "json"), code)


def test_the_file_that_bad_input_is_made_of_is_right(tmp_path: Path) -> None:
    (tmp_path / "residents.csv").write_bytes(RIGHT)
    assert run("check", tmp_path, *TODAY).status == 0


def test_a_line_of_two_gigabytes_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "residents.csv").write_bytes(RIGHT)
    os.truncate(tmp_path / "residents.csv", 2 << 30)
    assert_found(run("check", tmp_path, *TODAY, "--format", "json"), "FILE-0023")


def test_a_folder_that_leads_into_itself_is_left_after_one_round(tmp_path: Path) -> None:
    (tmp_path / "residents.csv").write_bytes(RIGHT)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert_found(run("check", tmp_path, *TODAY, "--format", "json"), "FILE-0029")


def test_two_links_that_lead_to_each_other_are_findings(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    ran = run("check", tmp_path, *TODAY, "--format", "json")
    assert (ran.status, codes(ran)) == (1, ["FILE-0028", "FILE-0029"])


def test_a_pipe_in_a_folder_and_a_device_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "residents.csv")
    ran = run("check", tmp_path, *TODAY, "--format", "json")
    assert (ran.status, codes(ran)) == (1, ["FILE-0028"])
    assert_found(run("check", "/dev/zero", *TODAY, "--format", "json"), "FILE-0025")


def test_what_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "residents.csv").write_bytes(RIGHT)
    (tmp_path / "residents.csv").chmod(0)
    assert_found(run("check", tmp_path, *TODAY, "--format", "json", before=("-c", WITHOUT_PRIVILEGE)), "FILE-0024")


def test_a_folder_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    ran = run("check", tmp_path, *TODAY, "--format", "json", before=("-c", WITHOUT_PRIVILEGE))
    (tmp_path / "closed").chmod(0o700)
    assert_found(ran, "FILE-0024")


def test_nothing_is_written_outside_of_the_report(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.zip").write_bytes(
        zipped(("../../evil.csv", RIGHT), ("/evil.csv", RIGHT), ("..\\e.csv", RIGHT))
    )
    ran = run("check", tmp_path / "in", "--output", tmp_path / "report.txt", environment={"TMPDIR": str(tmp_path)})
    assert ran.status == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "report.txt", "x.zip"]


def test_a_file_that_holds_no_table_is_not_passed(tmp_path: Path) -> None:
    """A note beside the data is no matter; a folder of notes alone was not checked."""
    (tmp_path / "readme.pdf").write_bytes(b"%PDF-1.4")
    assert run("check", tmp_path, *TODAY).status == 2
    (tmp_path / "residents.csv").write_bytes(RIGHT)
    assert run("check", tmp_path, *TODAY).status == 0
