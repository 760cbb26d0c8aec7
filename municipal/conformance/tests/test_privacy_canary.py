"""A canary in every cell is seen at the level raw and nowhere below, in no format (個人情報の漏れの試験)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.handover.lines import DAY
from municipal.conformance import reports
from municipal.conformance.commands import main
from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import Pack, find, shipped
from municipal.conformance.privacy import LEVELS
from municipal.conformance.results import Report
from municipal.conformance.rules import all_rules

BIRD = "カナリア"
NUMBER = "7531902468013579"
CANARIES = (f"辻{BIRD}", NUMBER, f"〓\x1b\u202e{BIRD}\n", f'"{BIRD}', f"<b>{BIRD}&", f"={BIRD}()", f"{BIRD}E+11")
HIDING = [level for level in LEVELS if level != "raw"]
TABLES = [(pack.name, name) for pack in shipped().values() for name in pack.tables]


def judged(folder: Path, pack: Pack | None = None) -> Report:
    return check(Asked((folder,), DAY, DAY, (pack,) if pack else ()))


def seen(report: Report, level: str) -> list[str]:
    """The formats and languages in which a canary is to be seen."""
    shown = replace(report, privacy=level)
    every = ((form, language) for form in reports.FORMATS for language in ("ja", "en"))
    written = {f"{form} {language}": reports.write(shown, form, language).decode() for form, language in every}
    return [name for name, text in written.items() if BIRD in text or NUMBER in text]


def assert_hidden(report: Report) -> None:
    assert [name for level in HIDING for name in seen(report, level)] == []


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, heading: bool = True) -> bytes:
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows([headings, *rows] if heading else rows)
    return target.getvalue().encode()


def headings_of(pack: str, name: str) -> list[str]:
    return [item.name_ja for item in find(pack).items_of(name)]


def broken(headings: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Ways to be unreadable, each with canaries in and around the damage."""
    head, full = ",".join(headings), ",".join([BIRD] * len(headings))
    yield "short row", f"{head}\r\n{BIRD},{BIRD}\r\n".encode()
    yield "long row", f"{head}\r\n{full},{BIRD},{BIRD}\r\n".encode()
    yield "split row", (head + "\r\n" + full.replace(BIRD, f"{BIRD}\n{BIRD}", 1) + "\r\n").encode()
    yield "open quote", f'{head}\r\n"{full}\r\n{full}\r\n'.encode()
    yield "quote within", f'{head}\r\n{BIRD}"{BIRD}"{full}\r\n'.encode()
    yield "nul", f"{head}\r\n{full}\0\r\n".encode()
    yield "two encodings", f"{head}\r\n{full}\r\n".encode() + full.encode("cp932") + b"\r\n"
    yield "euc", f"{head}\r\n{full}\r\n".encode("euc-jp")
    yield "utf-16", f"{head}\r\n{full}\r\n".encode("utf-16")
    yield "heading again", f"{head}\r\n{full}\r\n{head}\r\n".encode()
    yield "comment", f"{head}\r\n#{full}\r\n".encode()
    yield "half a json", f'[{{"宛名番号": "{BIRD}", "氏名": "{BIRD}'.encode()


@pytest.mark.walk
@pytest.mark.parametrize(("pack", "name"), TABLES)
def test_a_canary_in_every_column_is_hidden(pack: str, name: str, tmp_path: Path) -> None:
    headings = headings_of(pack, name)
    # Figures of published statistics and open data are no secret; sums that do not add up are told with them.
    is_published = find(pack).id in ("open-data-sets", "population-statistics")
    rows = [[canary] * len(headings) for canary in CANARIES if canary != NUMBER or not is_published]
    (tmp_path / f"{name}.csv").write_bytes(table(headings, rows))
    report = judged(tmp_path, find(pack))
    assert any(result.count for result in report.results)
    assert_hidden(report)


@pytest.mark.walk
@pytest.mark.parametrize("name", list(find("resident-record-data").tables))
def test_a_canary_in_every_column_is_shown_at_the_level_raw_alone(name: str, tmp_path: Path) -> None:
    headings = headings_of("resident-record-data", name)
    (tmp_path / f"{name}.csv").write_bytes(table(headings, [[f"{BIRD}〓"] * len(headings)]))
    report = judged(tmp_path, find("resident-record-data"))
    assert seen(report, "raw") == [f"{form} {language}" for form in reports.FORMATS for language in ("ja", "en")]
    assert_hidden(report)


@pytest.mark.parametrize("guessed", [True, False])
@pytest.mark.parametrize("name", list(find("resident-record-data").tables))
def test_a_canary_in_a_file_without_heading_is_hidden(name: str, guessed: bool, tmp_path: Path) -> None:
    rows = [[f"{BIRD}{number}" for number in range(8)] for _ in range(3)]
    (tmp_path / f"{name}.csv").write_bytes(table([], rows, heading=False))
    (tmp_path / "other.csv").write_bytes(table([], rows, heading=False))
    assert_hidden(judged(tmp_path, None if guessed else find("resident-record-data")))


@pytest.mark.walk
@pytest.mark.parametrize("name", list(find("resident-record-data").tables))
def test_a_canary_in_broken_rows_is_hidden(name: str, tmp_path: Path) -> None:
    for why, data in broken(headings_of("resident-record-data", name)[:6]):
        folder = tmp_path / why
        folder.mkdir()
        (folder / f"{name}.csv").write_bytes(data)
        if why.endswith("json"):
            (folder / f"{name}.json").write_bytes(data)
        report = judged(folder)
        assert [name for level in HIDING for name in seen(report, level)] == [], why


@pytest.mark.parametrize("level", HIDING)
def test_a_canary_is_not_said_on_the_terminal_either(
    level: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    headings = headings_of("resident-record-data", "residents")
    (tmp_path / "residents.csv").write_bytes(table(headings, [[BIRD] * len(headings)]))
    assert main(["check", str(tmp_path), "--privacy", level]) == 1
    out, err = capfdbinary.readouterr()
    assert BIRD.encode() not in out + err


def test_a_canary_in_an_error_of_a_rule_is_not_said(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError(BIRD)

    monkeypatch.setattr(all_rules()["RES-0062"], "judge", breaks)
    (tmp_path / "residents.csv").write_bytes(table(["宛名番号", "氏名"], [["1", f"〓{BIRD}"]]))
    assert main(["check", str(tmp_path)]) == 3
    out, err = capfdbinary.readouterr()
    assert BIRD.encode() not in out + err
    assert b"RES-0062" in err
