"""Waivers, baseline, signature and evidence table at the command (免除・比較・署名・証跡のコマンド)."""

import json
import shutil
from pathlib import Path

import pytest

from fixtures import handover
from municipal.conformance.commands import main
from municipal.conformance.tests.slip_samples import EL_QR

TRAINING = Path(handover.__file__).parent
GOOD, BROKEN = TRAINING / "good", TRAINING / "broken"
TODAY = ("--today", "2026-11-23")
WAIVER = """
[[waiver]]
rule = "{rule}"
scope = {{ file = "{file}" }}
reason = "corrected at the counter"
approver = "市民課長"
expires = {expires}
"""


def conform(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def waivers(folder: Path, *lines: tuple[str, str, str]) -> Path:
    path = folder / "waivers.toml"
    path.write_text("".join(WAIVER.format(rule=rule, file=file, expires=day) for rule, file, day in lines), "utf-8")
    return path


def judged(path: Path, report: Path, *more: str | Path) -> int:
    return conform("check", path, *TODAY, "--format", "json", "--output", report, *more)


def every_rule(report: Path) -> list[str]:
    return [result["code"] for result in json.loads(report.read_bytes())["results"] if result["decisive"]]


def test_findings_that_are_all_waived_are_zero_and_stay_visible(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert judged(BROKEN, report) == 1
    accepted = waivers(tmp_path, *((rule, "*", "2027-03-31") for rule in every_rule(report)))
    assert judged(BROKEN, report, "--waivers", accepted) == 0
    told = json.loads(report.read_bytes())
    assert told["counts"]["decisive"] == 0
    assert told["counts"]["waived"] > 10
    assert {waiver["approver"] for waiver in told["waivers"]} == {"市民課長"}


@pytest.mark.parametrize(
    ("line", "said"),
    [(("RES-0101", "*", "2026-11-22"), "期限が切れて"), (("RES-0101", "*", "2027-03-31"), "RES-0101")],
)
def test_an_expired_or_unused_waiver_fails(
    line: tuple[str, str, str], said: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert conform("check", GOOD, *TODAY, "--waivers", waivers(tmp_path, line)) == 1
    assert said in capfdbinary.readouterr().out.decode()


def test_a_waiver_that_lacks_an_approver_is_refused(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = waivers(tmp_path, ("RES-0101", "*", "2027-03-31"))
    path.write_text(path.read_text("utf-8").replace('approver = "市民課長"\n', ""), "utf-8")
    assert conform("check", BROKEN, *TODAY, "--waivers", path) == 64
    assert b"approver" in capfdbinary.readouterr().err


def test_the_baseline_tells_what_is_new(tmp_path: Path) -> None:
    before, after, data = tmp_path / "before.json", tmp_path / "after.json", tmp_path / "data"
    assert judged(BROKEN, before) == 1
    shutil.copytree(BROKEN, data)
    text = (data / "residents.csv").read_bytes().decode()
    (data / "residents.csv").write_bytes(text.replace("青葉一丁目", "青葉〓丁目", 1).encode())
    assert judged(data, after, "--baseline", before) == 1
    told = json.loads(after.read_bytes())
    assert told["counts"]["new"] == 1
    new = [place for result in told["results"] for place in result["findings"] if place["new"]]
    assert [place["file"] for place in new] == ["residents.csv"]
    assert judged(BROKEN, after, "--baseline", before) == 1
    assert json.loads(after.read_bytes())["counts"]["new"] == 0


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    report = tmp_path / "report.json"
    shutil.copytree(GOOD, tmp_path / "data")
    assert judged(tmp_path / "data", report) == 0
    assert conform("keygen", tmp_path / "key") == 0
    assert conform("sign", report, "--key", tmp_path / "key") == 0
    return report


def test_a_signed_report_is_verified_with_its_files_and_key(
    signed: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = signed.parent
    assert conform("verify", signed, "--key", folder / "key.pub", "--files", folder / "data") == 0
    out = capfdbinary.readouterr().out.decode()
    assert "known key" in out
    assert "residents.csv" in out
    assert conform("verify", signed) == 0
    assert "key not checked" in capfdbinary.readouterr().out.decode()


def test_whatever_was_changed_since_is_told_with_one(signed: Path) -> None:
    folder = signed.parent
    verify = ("verify", signed, "--key", folder / "key.pub", "--files", folder / "data")
    with (folder / "data" / "residents.csv").open("ab") as file:
        file.write(b" ")
    assert conform(*verify) == 1
    assert conform("keygen", folder / "other") == 0
    assert conform("verify", signed, "--key", folder / "other.pub") == 1
    signed.write_bytes(signed.read_bytes().replace(b'"exit": 0', b'"exit": 1'))
    assert conform("verify", signed) == 1


def test_a_report_with_cells_as_they_are_is_not_signed(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert judged(BROKEN, report, "--privacy", "raw") == 1
    assert conform("keygen", tmp_path / "key") == 0
    assert conform("sign", report, "--key", tmp_path / "key") == 64
    assert not (tmp_path / "report.json.sig").exists()


@pytest.mark.parametrize("form", ["csv", "html"])
def test_the_evidence_table_never_changes_the_status(form: str, tmp_path: Path) -> None:
    table, report = tmp_path / f"evidence.{form}", tmp_path / "report.json"
    assert judged(BROKEN, report) == 1
    arguments = ("attest", "resident-record", "--format", form, *TODAY, "--report", report, "--output", table)
    assert conform(*arguments) == 0
    assert table.read_text("utf-8").count("1.1.11/n1") >= 1


def test_a_payment_code_is_judged_by_its_digits(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert conform("qr", EL_QR, *TODAY, "--format", "json") == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["exit"] == 0
    assert "cannot_tell" in {result["outcome"] for result in told["results"]}
    assert conform("qr", f"{EL_QR[:-1]}0", *TODAY) == 1


def test_the_shipped_standards_are_listed(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert conform("packs") == 0
    assert "resident-record-data@1.0-p1  provisional" in capfdbinary.readouterr().out.decode()


def test_standards_are_compared_and_searched_for_contradictions(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert conform("diff", "resident-record", "resident-record") == 0
    assert conform("lint-spec", "tabular-file") == 0
    assert "contradictions: 0" in capfdbinary.readouterr().out.decode()
