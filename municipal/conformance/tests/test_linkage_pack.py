"""The rules of linkage between systems, as data and on files (システム間連携のパックの試験)."""

import json
import os
import re
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from municipal.conformance.engine import Asked, check
from municipal.conformance.findings import Exit, Severity
from municipal.conformance.packs import find
from municipal.conformance.results import Report
from municipal.conformance.rules import all_rules

PACK = find("linkage@2.7")
DAY = date(2026, 11, 23)
LINKAGE = {code: rule for code, rule in all_rules().items() if code.startswith("LINK-")}
CLIENT = "0123456789ABCDEFabcdef0123456789"
SCOPE = "031:app_submit/v10/jutogaishaatenabangofuban:Create"
LONGEST_ECHO = 16  # characters in a row that a summary may share with the text: names of functions are that long


def judged(*paths: Path, pack: str = "linkage") -> Report:
    return check(Asked(paths, DAY, DAY, (find(pack),), only=frozenset(LINKAGE)))


def found(report: Report) -> dict[str, int]:
    return {result.code: result.count for result in report.results if result.count}


def wrote(path: Path, things: object) -> Path:
    path.write_text(json.dumps(things, ensure_ascii=False), encoding="utf-8")
    return path


def common_functions() -> str:
    if "KIJUN_REFERENCE" not in os.environ:
        pytest.skip("reference material not at hand")
    path = Path(os.environ["KIJUN_REFERENCE"]) / "official" / "common-functions_2.1.docx"
    with zipfile.ZipFile(path) as document:
        text = document.read("word/document.xml").decode()
    return re.sub("<[^>]+>", "", text.replace("</w:p>", "\n"))


def test_every_requirement_has_its_place_and_both_languages() -> None:
    letters = {"must": "m", "may": "o", "must_not": "n"}
    seen: Counter[str] = Counter()
    for row in PACK.requirements:
        kind = f"{row.section}/{letters[row.level]}"
        seen[kind] += 1
        assert row.clause == f"{kind}{seen[kind]}"
        assert all((row.title_ja, row.title_en))
        assert (row.summary_ja[-1], row.summary_en[-1]) == ("。", ".")
    assert len(PACK.requirements) == 57


def test_every_rule_of_the_family_stands_at_its_requirement() -> None:
    checks = {code for row in PACK.requirements for code in row.checks}
    assert checks == set(LINKAGE) - {"LINK-0030"}  # the grammar of IDs is settled in another document
    for row in PACK.requirements:
        assert (row.method == "execute") == bool(row.checks)
        assert row.method in ("execute", "attest")
    clauses = {row.clause: row.checks for row in PACK.requirements}
    for code, rule in LINKAGE.items():
        if code != "LINK-0030":
            assert code in clauses[rule.clause.removeprefix("linkage/2.7#")]


def test_the_businesses_are_those_of_the_table() -> None:
    codes = [value.code for value in PACK.codes["business_id"]]
    assert codes == [f"{number:03d}" for number in range(1, 40)]
    names = {value.code: value.name_ja for value in PACK.codes["business_id"]}
    assert names["001"] == "住民基本台帳"
    assert names["031"] == "住登外者宛名番号管理"


def test_no_summary_repeats_the_text_of_the_standard() -> None:
    text = re.sub(r"[\s!-~]", "", unicodedata.normalize("NFKC", common_functions()))
    for row in PACK.requirements:
        summary = re.sub(r"[\s!-~]", "", unicodedata.normalize("NFKC", row.summary_ja))
        assert len(summary) <= 60
        pieces = [summary[at : at + LONGEST_ECHO + 1] for at in range(len(summary) - LONGEST_ECHO)]
        assert [piece for piece in pieces if piece in text] == [], row.clause


@pytest.mark.clause("linkage/2.7#2.2.5/m10")
def test_the_scopes_that_the_standard_prints_are_right(tmp_path: Path) -> None:
    printed = sorted(set(re.findall(r"「([0-9]{3}:[^」]+)」", common_functions())))
    assert SCOPE in printed
    assert len(printed) == 2
    assert found(judged(wrote(tmp_path / "scopes.json", [{"scope": scope} for scope in printed]))) == {}


def test_a_right_server_is_described_by_three_json_files_without_a_finding(tmp_path: Path) -> None:
    client = {
        "client_id": CLIENT, "unit_id": "010", "client_type": "confidential", "client_secret_length": 48,
        "token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "HS256",
        "grant_types": "client_credentials", "scope": SCOPE,
    }  # fmt: skip
    wrote(tmp_path / "clients.json", [client])
    wrote(tmp_path / "scopes.json", [{"provider": "031", "scope": SCOPE}])
    answer = {"client_id": CLIENT, "token_type": "Bearer", "expires_in": 300, "scope": SCOPE, "refresh_token": None}
    wrote(tmp_path / "token_responses.json", [answer])
    report = judged(tmp_path)
    assert [file.table for file in report.files] == ["clients", "scopes", "token_responses"]
    assert found(report) == {}
    assert report.exit is Exit.NOTHING_FOUND


def test_a_careless_server_is_found_point_by_point_and_no_token_is_repeated(tmp_path: Path) -> None:
    wrote(
        tmp_path / "clients.json",
        [
            {
                "client_id": "tax-office",
                "unit_id": "tanaka",
                "token_endpoint_auth_method": "none",
                "client_type": "public",
            }
        ],
    )
    answer = {"token_type": "MAC", "expires_in": 86_400, "scope": f"{SCOPE} 010:a:Read", "refresh_token": "canary-1"}
    wrote(tmp_path / "token_responses.json", [answer])
    report = judged(tmp_path)
    assert found(report) == dict.fromkeys(
        ["LINK-0004", "LINK-0005", "LINK-0007", "LINK-0008", "LINK-0011", "LINK-0015", "LINK-0016", "LINK-0019"], 1
    )
    assert report.exit is Exit.FINDINGS
    assert "canary-1" not in str([result.samples for result in report.results if result.code == "LINK-0007"])


@pytest.mark.clause("linkage/2.7#2.2.5/o1")
def test_what_is_only_tolerated_or_our_own_reading_never_changes_the_status(tmp_path: Path) -> None:
    wrote(tmp_path / "clients.json", [{"client_id": CLIENT, "認証方式": "client_secret_basic", "利用側業務ID": "010"}])
    wrote(tmp_path / "token_responses.json", [{"token_type": "bearer", "expires_in": 7_200, "scope": SCOPE}])
    report = judged(tmp_path)
    assert found(report) == {"LINK-0008": 1, "LINK-0014": 1}
    assert report.exit is Exit.NOTHING_FOUND
    assert {all_rules()[code].severity for code in found(report)} == {Severity.INFO}


@pytest.mark.clause("linkage/2.7#2.3.1/n1", "linkage/2.7#2.3.5/m1")
def test_a_number_given_twice_is_found_among_many(tmp_path: Path) -> None:
    residents = "".join(f"990019,{number:015d}\n" for number in range(1, 20_001))
    others = "".join(f"990019,{number}\n" for number in range(20_000, 25_000))
    (tmp_path / "residents.csv").write_text("市区町村コード,宛名番号\n" + residents, encoding="utf-8")
    (tmp_path / "non_residents.csv").write_text("市区町村コード,住登外者宛名番号\n" + others, encoding="utf-8")
    report = judged(tmp_path)
    samples = [sample for result in report.results for sample in result.samples]
    assert [sample.place for sample in samples] == [("LINK-0101", "non_residents.csv", 2, "住登外者宛名番号")]


@pytest.mark.clause("linkage/2.7#2.4.2/m1")
def test_the_addressee_number_in_the_column_of_the_integrated_one_is_right(tmp_path: Path) -> None:
    (tmp_path / "residents.csv").write_text("宛名番号,団体内統合宛名番号\n1,1\n2,\n3,30\n", encoding="utf-8")
    assert [sample.row for result in judged(tmp_path).results for sample in result.samples] == [4]


@pytest.mark.clause("linkage/2.7#2.2.2/m3")
def test_addressee_numbers_in_a_parquet_file_are_no_linkage_file(tmp_path: Path) -> None:
    pl.DataFrame({"市区町村コード": ["990019"], "宛名番号": ["1"]}).write_parquet(tmp_path / "residents.parquet")
    wrote(tmp_path / "non_residents.json", [{"市区町村コード": "990019", "宛名番号": "2"}])
    report = judged(tmp_path)
    assert found(report) == {"LINK-0002": 2}
    facts = [sample.facts["kind"] for result in report.results for sample in result.samples]
    assert sorted(map(str, facts)) == ["json", "parquet"]


def test_the_rules_run_on_no_other_pack() -> None:
    register = find("resident-record-data")
    served = {code for code, rule in LINKAGE.items() if rule.serves(register)}
    assert served == set()
    assert "oauth_scope" not in {item.item for item in register.items}
