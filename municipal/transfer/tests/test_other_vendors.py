"""A register in somebody else's layout comes in by a table of correspondence (他社レイアウトの受入れの試験)."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.models import Household, Period, ResidentRecord
from municipal.residents.search import find
from municipal.transfer.intake_runs import run
from municipal.transfer.mapping import day_and_words, read_mapping
from municipal.transfer.models import Intake

VENDOR = Path(__file__).parent / "vendor"


def taken_in(folder: Path, mapping: Path | None = VENDOR / "mapping.toml") -> Intake:
    return run(actor=System("test"), town=TOWN, folder=folder, mapping=mapping)


def faults(intake: Intake) -> set[tuple[str, int, str, str]]:
    with wall.within(TOWN):
        return set(intake.found.values_list("file", "row", "item", "code"))


def test_three_people_of_another_vendor_are_in_the_register(committed_db: str) -> None:
    made = taken_in(VENDOR)
    assert (made.state, faults(made)) == (Intake.State.LOADED, set())
    with wall.within(TOWN):
        newest = {row.addressee.number: row for row in ResidentRecord.objects.order_by("serial")}
        assert {number: (row.name, row.status, str(row.born_on)) for number, row in newest.items()} == {
            "0000012": ("見本　太郎", "1", "1965-04-01"),
            "0000013": ("見本　花子", "3", "1970-00-00/昭和45年 月日不詳"),
            "0000014": ("丙川　梅", "1", "0000-00-00/年月日不詳"),
        }
        assert set(Household.objects.values_list("number", flat=True)) == {"0000501", "0000502"}
        assert Addressee.objects.filter(number="0000012", mailing_block="松町").exists()
        # The register answers as if it had been entered here: who was there when, and by name.
        assert Period.objects.filter(is_registered=True, recorded__endswith=None).count() == 3
        assert len(find("ミホン").addressees) == 2


def test_what_stands_nowhere_in_the_mapping_is_told_and_stops_nothing(committed_db: str, tmp_path: Path) -> None:
    text = (VENDOR / "mapping.toml").read_text(encoding="utf-8").replace('ignore = ["YOBI1"]\n', "")
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    made = taken_in(VENDOR, tmp_path / "mapping.toml")
    assert (made.state, made.notes) == (Intake.State.LOADED, 1)
    assert faults(made) == {("RIREKI.TXT", 1, "YOBI1", "IN-0020")}


ROWS = list(csv.DictReader((Path(__file__).parent / "bad_rows.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.walk
@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case['rule']}-{case['column']}-{case['value'][:12]}")
def test_a_bad_row_is_told_by_its_row_and_nothing_comes_in(
    case: dict[str, str], register_db: str, tmp_path: Path
) -> None:
    shutil.copytree(VENDOR, tmp_path / "vendor")
    file = tmp_path / "vendor" / "RIREKI.TXT"
    lines = file.read_bytes().decode("cp932").split("\r\n")
    cells = lines[int(case["row"]) - 1].split("\t")
    letter, _, times = case["value"].partition("×")
    cells[lines[0].split("\t").index(case["column"])] = letter * int(times or 1)
    lines[int(case["row"]) - 1] = "\t".join(cells)
    file.write_bytes("\r\n".join(lines).encode("cp932"))
    made = taken_in(tmp_path / "vendor")
    assert made.state == Intake.State.REFUSED
    with wall.within(TOWN):
        told = [one.sentence for one in made.found.filter(row=case["row_told"], code=case["rule"])]
        assert any(case["sentence"] in sentence for sentence in told), told
        assert not ResidentRecord.objects.exists()


@pytest.mark.parametrize(
    ("value", "form", "day", "words"),
    [
        ("19500101", "YYYYMMDD", "1950-01-01", ""), ("19500000", "YYYYMMDD", "", "1950年 月日不詳"),
        ("19500300", "YYYYMMDD", "", "1950年3月 日不詳"), ("00000000", "YYYYMMDD", "", ""), ("", "YYYYMMDD", "", ""),
        ("19990229", "YYYYMMDD", "1999-02-29", ""), ("1999", "YYYYMMDD", "1999", ""), ("X", "YYYYMMDD", "X", ""),
        ("3250101", "GYYMMDD", "1950-01-01", ""), ("3250000", "GYYMMDD", "", "昭和25年 月日不詳"),
        ("1450730", "GYYMMDD", "1912-07-30", ""), ("7010101", "GYYMMDD", "7010101", ""),
        ("9999999", "GYYMMDD", "", "年月日不詳"), ("S25.1.1", "written", "1950-01-01", ""),
        ("昭和25年頃", "written", "", "昭和25年頃"),
    ],
)  # fmt: skip
def test_dates_of_other_systems_are_read_and_none_is_made_up(value: str, form: str, day: str, words: str) -> None:
    assert day_and_words(value, form, ["9999999"]) == (day, words)


@pytest.mark.parametrize(
    "text",
    ["[history", "[nothing]\nfiles=['a']", "[history]\nfiles=['a']\nwhat=1", "[history]\ncolumns={A='ない項目'}",
     "[history]\nfiles=['a']\ndates={'生年月日'='DDMM'}", "history=1", "[history]\ncolumns=['A']"],
)  # fmt: skip
def test_a_mapping_that_is_none_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="対応表"):
        read_mapping(tmp_path / "m.toml")


def test_a_folder_without_a_table_is_refused(committed_db: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="見つかりません"):
        taken_in(tmp_path, None)
    with pytest.raises(Refused, match="見つかりません"):
        taken_in(tmp_path / "nowhere", None)


def test_other_peoples_columns_never_stand_for_ours(committed_db: str, tmp_path: Path) -> None:
    """A file by item name, from a system that hands over only everybody as they stand."""
    said = {
        "宛名番号": "5",
        "世帯番号": "7",
        "氏名": "見本　一",
        "生年月日": "1980-01-01",
        "性別": "1",
        "続柄表記": "世帯主",
        "住民種別": "1",
        "住民状態": "1",
        "住民票コード": "99900000010",
        "本籍": "架空県架空市松町１番地",
        "戸籍_筆頭者": "見本　一",
        "住民となった年月日": "2001-02-03",
        "住所_市区郡町村名": "架空市",
        "住所_町字": "松町",
        "異動事由": "move_in",
        "異動年月日": "2001-02-03",
        "処理年月日": "2001-02-04",
    }
    heading, row = ",".join(said), ",".join(said.values())
    (tmp_path / "residents.csv").write_text(f"{heading}\n{row}\n", encoding="utf-8")
    made = taken_in(tmp_path, None)
    assert made.state == Intake.State.LOADED, faults(made)
    with wall.within(TOWN):
        found: Any = ResidentRecord.objects.get()
        assert (found.serial, found.addressee.number, found.household.number) == (1, "5", "7")
        assert found.recorded_at.isoformat() == "2001-02-04T09:00:00.000001+09:00" or found.recorded_at.year == 2001
