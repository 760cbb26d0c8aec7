"""Households, addresses and protected people, tried on many rows at once (世帯・住所・支援措置の規則の試験)."""

import csv
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.conformance.engine import Asked, check
from municipal.conformance.findings import Exit, Severity
from municipal.conformance.packs import find
from municipal.conformance.results import Report
from municipal.conformance.rules import all_rules
from municipal.conformance.rules.addresses import agrees, designated_cities, plain_name
from municipal.core.codes import local_governments, table
from municipal.core.relationships import all_codes, written

DAY = date(2026, 11, 23)
OURS = frozenset(code for code in all_rules() if "RES-0100" <= code < "RES-0200")
FORBIDDEN = (
    "祖父", "祖母", "おじ", "おば", "甥", "姪", "孫", "家事使用人",
    "準世帯主", "本人", "長男", "養子", "継子", "いとこ", "内縁の妻", "使用人",
)  # fmt: skip


def judged(folder: Path, *, pack: str = "resident-record-data", is_plain: bool = False) -> Report:
    return check(Asked((folder,), DAY, DAY, (find(pack),), only=OURS, is_plain=is_plain))


def lay_out(folder: Path, name: str, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(heading)
        writer.writerows(rows)
    return folder


def places(report: Report) -> list[tuple[str, str, int, str]]:
    return sorted(finding.place for result in report.results for finding in result.samples)


def found(report: Report) -> dict[str, int]:
    return {result.code: result.count for result in report.results if result.count}


@pytest.mark.clause("resident-record/1.0#1.1.11/m1")
def test_every_relationship_of_the_grammar_passes_with_its_codes(tmp_path: Path) -> None:
    chains = list(all_codes(3))
    rows = [[str(number), written(chain), *chain, *[""] * (4 - len(chain))] for number, chain in enumerate(chains, 1)]
    heading = ["宛名番号", "続柄表記", "続柄コード1", "続柄コード2", "続柄コード3", "続柄コード4"]
    assert len(rows) > 1_400
    assert found(judged(lay_out(tmp_path, "residents", heading, rows))) == {}


@pytest.mark.clause("resident-record/1.0#1.1.11/n1")
def test_every_forbidden_word_is_found_alone_and_in_a_chain(tmp_path: Path) -> None:
    rows = [[str(number), text] for number, word in enumerate(FORBIDDEN) for text in (word, f"妻の{word}")]
    report = judged(lay_out(tmp_path, "residents", ["宛名番号", "続柄表記"], rows))
    assert found(report) == {"RES-0101": len(rows)}


@pytest.mark.clause("resident-record/1.0#1.1.11/m2")
def test_a_relationship_is_faulted_by_one_rule_of_the_grammar_only(tmp_path: Path) -> None:
    words = [code.name_ja for code in table("relationship").values()]
    texts = [text for word in [*words, "孫"] for text in (word, f"{word}の子", f"子の子の子の子の{word}")]
    rows = [[str(number), text] for number, text in enumerate(texts)]
    report = judged(lay_out(tmp_path, "residents", ["宛名番号", "続柄表記"], rows))
    at = [row for _, _, row, _ in places(report)]
    assert len(at) == len(set(at))
    assert found(report) == {"RES-0101": 3, "RES-0102": len(words) - 3, "RES-0103": 6}


@pytest.mark.clause("resident-record/1.0#1.1.10/m1", "resident-record/1.0#1.1.10/m2")
def test_households_without_a_householder_are_handed_over_without_a_word(tmp_path: Path) -> None:
    heading = ["市区町村コード", "宛名番号", "世帯番号", "住民状態", "氏名", "続柄表記", "世帯主氏名", "記載順位"]
    rows = [
        ["990019", "1", "100", "1", "甲野　花子", "縁故者", "", "2"],
        ["990019", "2", "100", "1", "乙川　一郎", "同居人", "甲野　太郎", "5"],
        ["990019", "3", "100", "3", "甲野　太郎", "世帯主", "甲野　太郎", "1"],
    ]
    lay_out(tmp_path, "residents", heading, rows)
    lay_out(tmp_path, "households", ["市区町村コード", "世帯番号"], [["990019", "100"]])
    assert found(judged(tmp_path)) == {}


def test_the_second_householder_is_told_where_the_first_stands(tmp_path: Path) -> None:
    heading = ["宛名番号", "世帯番号", "住民状態", "続柄表記"]
    rows = [["1", "100", "1", "世帯主"], ["2", "100", "1", "子"], ["3", "100", "1", "世帯主"]]
    for is_plain in (False, True):
        report = judged(lay_out(tmp_path, "residents", heading, rows), is_plain=is_plain)
        samples = [sample for result in report.results for sample in result.samples]
        assert [(sample.code, sample.row, dict(sample.facts)) for sample in samples] == [
            ("RES-0106", 4, {"heads": 2, "first": 2})
        ]


def test_every_code_agrees_with_its_own_name_and_with_no_other() -> None:
    every = list(local_governments().values())
    assert len(every) == 1_965
    assert [body.code for body in every if not agrees(body.code, body.prefecture, body.name)] == []
    assert [body.code for body in every if body.name.endswith(("町", "村")) and not _with_county(body.code)] == []
    others = [(body, after) for body, after in pairwise(every) if plain_name(body.name) not in designated_cities()]
    assert [body.code for body, after in others if agrees(body.code, body.prefecture, after.name)] == []
    strangers = [body.code for body in every if agrees(body.code, "架空県", body.name)]
    assert strangers == []


def _with_county(code: str) -> bool:
    body = local_governments()[code]
    return agrees(code, body.prefecture, f"架空郡{body.name}") and agrees(code, "", f"架空島{body.name}")


def test_there_are_twenty_designated_cities_and_their_wards_agree_with_them() -> None:
    assert len(designated_cities()) == 20
    wards = [body for body in local_governments().values() if "市" in body.name and body.name.endswith("区")]
    cities = {body.name: body.code for body in local_governments().values()}
    assert len(wards) == 171
    for ward in wards:
        city = ward.name.partition("市")[0] + "市"
        assert plain_name(city) in designated_cities()
        assert agrees(ward.code, "", city)
        assert agrees(cities[city], "", ward.name)
        assert not agrees(ward.code, "", f"{city}架空区")


def test_an_own_export_without_the_file_of_measures_is_told_once_and_ends_with_status_zero(tmp_path: Path) -> None:
    heading = ["市区町村コード", "宛名番号", "世帯番号", "住民状態", "続柄表記", "住所_町字", "住所の非表示"]
    rows = [
        ["990019", str(number), "100", "1", "子", "" if number < 4 else "本陣町", str(int(number < 4))]
        for number in range(1, 9)
    ]
    report = judged(lay_out(tmp_path, "residents", heading, rows))
    assert found(report) == {"RES-0165": 1}
    assert report.exit is Exit.NOTHING_FOUND
    assert [result.samples[0].facts["people"] for result in report.results if result.count] == [3]


@pytest.mark.clause("resident-record/1.0#3.1/m8")
def test_a_measure_that_has_passed_still_counts_as_protection(tmp_path: Path) -> None:
    lay_out(tmp_path, "residents", ["宛名番号", "住所の非表示"], [["1", "1"], ["2", "1"]])
    measures = [["1", "2019-04-01", "2020-03-31"]]
    lay_out(tmp_path, "support_measures", ["宛名番号", "支援措置開始年月日", "支援措置終了年月日"], measures)
    assert places(judged(tmp_path)) == [("RES-0164", "residents.csv", 3, "宛名番号")]


def test_a_register_hand_over_with_addresses_of_protected_people_is_no_leak(tmp_path: Path) -> None:
    heading = ["宛名番号", "世帯番号", "住所_町字", "住所の非表示"]
    lay_out(tmp_path, "residents", heading, [["1", "100", "本陣町", "1"], ["2", "100", "本陣町", "0"]])
    lay_out(tmp_path, "support_measures", ["宛名番号", "支援措置開始年月日"], [["1", "2026-04-01"]])
    report = judged(tmp_path)
    assert found(report) == {}
    assert not {"RES-0170", "RES-0171", "RES-0172", "RES-0174"} & {result.code for result in report.results}


def test_a_public_list_with_a_protected_household_is_found_in_all_its_ways(tmp_path: Path) -> None:
    heading = ["宛名番号", "世帯番号", "氏名", "住所_町字", "個人番号"]
    people = [
        ["1", "100", "甲野　花子", "本陣町", ""],
        ["2", "100", "甲野　一郎", "本陣町", ""],
        ["3", "", "乙川", "", ""],
    ]
    lay_out(tmp_path, "people", heading, people)
    lay_out(tmp_path, "protected", ["宛名番号", "支援措置開始年月日"], [["1", "2026-04-01"]])
    for is_plain in (False, True):
        assert places(judged(tmp_path, pack="resident-disclosure", is_plain=is_plain)) == [
            ("RES-0170", "people.csv", 2, "宛名番号"),
            ("RES-0171", "people.csv", 2, "住所_町字"),
            ("RES-0172", "people.csv", 3, "住所_町字"),
            ("RES-0174", "people.csv", 0, "個人番号"),
        ]


def test_no_finding_repeats_a_cell_in_its_facts(tmp_path: Path) -> None:
    heading = ["宛名番号", "世帯番号", "住民状態", "続柄表記", "世帯主氏名", "氏名", "住所_方書", "住所_郵便番号"]
    rows = [
        ["1", "100", "1", "世帯主", "カナリア", "甲野　太郎", "カナリア\n館", "カナリア"],
        ["2", "100", "1", "カナリア", "カナリア", "カナリア", "", ""],
    ]
    report = judged(lay_out(tmp_path, "residents", heading, rows))
    assert found(report) == {"RES-0101": 1, "RES-0107": 2, "RES-0143": 1, "RES-0144": 1}
    facts = [fact for result in report.results for sample in result.samples for fact in sample.facts.values()]
    assert "カナリア" not in str(facts)


def test_rules_about_cells_concern_the_cells_of_addresses_and_no_others() -> None:
    packs = [find(name) for name in ("resident-record-data", "open-data-sets", "population-statistics")]
    for code, part in (("RES-0143", "郵便番号"), ("RES-0144", "町字")):
        concerns = all_rules()[code].concerns
        assert concerns is not None
        names = {pack.id: {item.name_ja for item in pack.items if concerns(item)} for pack in packs}
        groups = ("住所", "転入前住所", "転居前住所", "転出先住所（予定）", "転出先住所（確定）")
        assert {f"{group}_{part}" for group in groups} <= names["resident-record-data"]
        assert not {"氏名", "世帯主氏名", "住所_市区町村コード", "郵便番号"} & names["resident-record-data"]
        assert names["population-statistics"] == set()
        assert names["open-data-sets"] == set()


def test_only_information_and_the_unsure_are_without_weight() -> None:
    light = {code for code in OURS if all_rules()[code].severity is Severity.INFO}
    assert light == {"RES-0111", "RES-0163", "RES-0165"}


DAYS = ["", "2026-04-01", "2026-04-02", "2027-03-31", "0000-01-01", "2026-W01-1", "2026-13-01", "9999-12-31", "一"]
CODES = ["", "011002", "011011", "131016", "282219", "990019"]
CITIES = ["", "札幌市", "札幌市中央区", "千代田区", "新宿区", "篠山市", "丹波篠山市", "東京都千代田区"]
WORDS = [
    "",
    "世帯主",
    "世帯主",
    "子",
    "孫",
    "子の縁故者",
    "子（子の夫）",
    "夫(未届)の子の子の子の子",
    "子\n",
    "子（子の夫）（未届）",
]
RESIDENT = {
    "市区町村コード": ["", "990019", "990027"],
    "宛名番号": ["1", "2", "3", "4"],
    "世帯番号": ["", "100", "200"],
    "住民状態": ["1", "1", "2", ""],
    "最新フラグ": ["", "0", "1"],
    "続柄表記": WORDS,
    "続柄コード1": ["", "02", "20", "99", "88"],
    "続柄コード2": ["", "12", "02"],
    "世帯主氏名": ["", "甲", "乙"],
    "氏名": ["", "甲", "乙"],
    "通称": ["", "", "丙"],
    "記載順位": ["", "1", "01", "2", "-1", "0", "-0", "１", "+1"],
    "住所_市区町村コード": CODES,
    "住所_都道府県": ["", "東京都", "北海道"],
    "住所_市区郡町村名": CITIES,
    "住所_町字": ["", "本陣町", "東京都千代田区霞が関", "札幌市中央区北一条", "東京都\n千代田区"],
    "転入前住所_市区町村コード": CODES,
    "本籍_市区町村コード": CODES,
    "本籍_市区郡町村名": CITIES,
    "住所_郵便番号": ["", "1000013", "１００００１３", "1000013\n", "100-0013"],
    "住所の非表示": ["", "0", "1"],
}
MEASURE = {
    "市区町村コード": ["", "990019"],
    "宛名番号": ["", "1", "2"],
    "支援措置開始年月日": DAYS,
    "支援措置終了年月日": DAYS,
    "支援措置区分": ["", "1"],
    "一時解除開始": DAYS,
    "一時解除終了": DAYS,
    "削除フラグ": ["", "0", "1"],
}


def rows_of(pools: dict[str, list[str]], most: int) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*map(st.sampled_from, pools.values())), max_size=most)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows_of(RESIDENT, 9), rows_of(MEASURE, 6), st.booleans())
def test_both_engines_agree_on_crowded_households(
    tmp_path_factory: pytest.TempPathFactory,
    residents: list[tuple[str, ...]],
    measures: list[tuple[str, ...]],
    has_homes: bool,
) -> None:
    folder = tmp_path_factory.mktemp("crowded")
    lay_out(folder, "residents", [*RESIDENT], residents)
    if measures:
        lay_out(folder, "support_measures", [*MEASURE], measures)
    if has_homes:
        homes = [["990019", "100"], ["", "200"], ["990027", "300"]]
        lay_out(folder, "households", ["市区町村コード", "世帯番号"], homes)
    fast, plain = judged(folder), judged(folder, is_plain=True)
    assert places(fast) == places(plain)
    assert found(fast) == found(plain)
