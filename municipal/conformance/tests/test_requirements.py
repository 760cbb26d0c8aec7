"""One row per sentence of the resident-record standard, in our own words (要件一覧の試験)."""

import csv
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from municipal.conformance.packs import Requirement, find

PACK = find("resident-record@1.0")
ROWS = PACK.requirements
AMBIGUITIES = list(PACK.rows("ambiguities.csv"))
LETTER = {"must": "m", "may": "o", "must_not": "n"}
JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
LONGEST_ECHO = 11  # characters in a row that a summary may share with the text: names of things are that long


def of(method: str) -> list[Requirement]:
    return [row for row in ROWS if row.method == method]


def reference() -> Path:
    if "KIJUN_REFERENCE" not in os.environ:
        pytest.skip("reference material not at hand")
    return Path(os.environ["KIJUN_REFERENCE"]) / "official" / "resident-record-1.0"


def sections() -> list[dict[str, str]]:
    with (reference() / "sections.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_every_sentence_has_one_row() -> None:
    assert Counter(row.level for row in ROWS) == {"must": 445, "may": 31, "must_not": 70}
    assert len({row.clause for row in ROWS}) == len(ROWS) == 546


def test_the_numbers_run_without_gap_in_the_order_of_the_text() -> None:
    expected = []
    counted: Counter[tuple[str, str]] = Counter()
    for row in ROWS:
        counted[row.section, row.level] += 1
        expected.append(f"{row.section}/{LETTER[row.level]}{counted[row.section, row.level]}")
    assert [row.clause for row in ROWS] == expected
    order = [(tuple(map(int, row.section.split("."))), list(LETTER).index(row.level)) for row in ROWS]
    assert order == sorted(order)


def test_a_section_has_one_title() -> None:
    titles = {(row.section, row.title_ja, row.title_en) for row in ROWS}
    assert len(titles) == len({row.section for row in ROWS})
    assert all(ja and en for _, ja, en in titles)


def test_every_row_says_in_both_languages_what_is_asked() -> None:
    assert [
        row.clause for row in ROWS if not 8 <= len(row.summary_ja) <= 60 or not JAPANESE.search(row.summary_ja)
    ] == []
    assert [row.clause for row in ROWS if not 4 <= len(row.summary_en.split()) <= 26] == []
    assert [row.clause for row in ROWS if not row.summary_en[0].isupper() or row.summary_en[-1] != "."] == []


def test_no_two_sentences_of_a_section_are_summed_up_alike() -> None:
    assert [key for key, count in Counter((row.section, row.summary_ja) for row in ROWS).items() if count > 1] == []
    assert [key for key, count in Counter((row.section, row.summary_en) for row in ROWS).items() if count > 1] == []


def test_the_words_that_say_how_are_the_agreed_ones() -> None:
    assert {row.omit for row in ROWS} <= {"", "designated_city", "condition"}
    assert {row.method for row in ROWS} == {"execute", "attest", "untestable", "ambiguous"}
    assert {row.status for row in ROWS} == {"cited"}
    assert {row.source for row in ROWS if row.source != f"chapter 3, {row.section}"} == set()


def test_only_what_is_executed_names_rules_and_it_always_does() -> None:
    assert [row.clause for row in of("execute") if not row.checks] == []
    assert [row.clause for row in (*of("attest"), *of("untestable")) if row.checks] == []
    rules = [check for row in of("execute") for check in row.checks]
    assert [check for check in rules if not re.fullmatch(r"[A-Z]+-[0-9]{4}", check)] == []


def test_what_cannot_be_decided_says_why() -> None:
    undecided = (*of("untestable"), *of("ambiguous"))
    assert [
        row.clause for row in undecided if not row.reason_ja.endswith("。") or not row.reason_en.endswith(".")
    ] == []
    decided = (*of("execute"), *of("attest"))
    assert [row.clause for row in decided if row.reason_ja or row.reason_en] == []


def test_every_ambiguous_sentence_points_to_its_entries() -> None:
    entries = {entry["id"]: entry["clause"] for entry in AMBIGUITIES}
    named = {row.clause: [check for check in row.checks if check.startswith("AMB-")] for row in of("ambiguous")}
    assert [clause for clause, checks in named.items() if not checks] == []
    silent = [row.clause for row in of("ambiguous") if not all(name in row.reason_ja for name in named[row.clause])]
    assert silent == []
    assert [clause for clause, checks in named.items() if {entries.get(check) for check in checks} != {clause}] == []


def test_the_entries_are_numbered_and_complete() -> None:
    assert [entry["id"] for entry in AMBIGUITIES] == [f"AMB-{number:03d}" for number in range(1, len(AMBIGUITIES) + 1)]
    place = {row.clause: number for number, row in enumerate(ROWS)}
    clauses = [place[entry["clause"]] for entry in AMBIGUITIES]
    assert clauses == sorted(clauses)
    assert {entry["chosen"] for entry in AMBIGUITIES} == {"a", "b", "none"}
    assert [entry["id"] for entry in AMBIGUITIES if "" in entry.values()] == []
    japanese = [name for name in AMBIGUITIES[0] if name.endswith("_ja")]
    assert [entry["id"] for entry in AMBIGUITIES for name in japanese if not entry[name].endswith("。")] == []
    english = [name for name in AMBIGUITIES[0] if name.endswith("_en")]
    assert [entry["id"] for entry in AMBIGUITIES for name in english if entry[name][-1] not in ".?"] == []


def test_the_two_readings_differ() -> None:
    assert [entry["id"] for entry in AMBIGUITIES if entry["reading_a_ja"] == entry["reading_b_ja"]] == []
    assert [entry["id"] for entry in AMBIGUITIES if entry["reading_a_en"] == entry["reading_b_en"]] == []


def test_the_pack_says_that_a_newer_version_exists() -> None:
    assert PACK.kind == "requirements"
    assert PACK.status == "cited"
    assert PACK.source["current_version"] == "6.1"
    assert len(ROWS) == PACK.facts["files"]["requirements.csv"]["rows"]
    assert len(AMBIGUITIES) == PACK.facts["files"]["ambiguities.csv"]["rows"]


def test_each_section_has_as_many_rows_as_the_text_has_sentences() -> None:
    names = {"must": "n_must_sentences", "may": "n_may", "must_not": "n_must_not"}
    found = Counter((row.section, row.level) for row in ROWS)
    wanted = {(line["section"], level): int(line[name]) for line in sections() for level, name in names.items()}
    assert {key: number for key, number in wanted.items() if found[key] != number} == {}
    assert set(found) <= set(wanted)


def test_titles_are_those_of_the_text() -> None:
    titles = {line["section"]: line["title"] for line in sections()}
    assert [row.clause for row in ROWS if plain(row.title_ja) != plain(titles[row.section])] == []


def test_no_sentence_of_ours_repeats_the_official_one() -> None:
    files = [reference() / f"j{line['file_no']}.txt" for line in sections()]
    text = "|".join(plain(file.read_text(encoding="utf-8-sig")) for file in files)
    ours = [(row.clause, said) for row in ROWS for said in (row.summary_ja, row.reason_ja)]
    ours += [(entry["id"], entry[name]) for entry in AMBIGUITIES for name in entry if name.endswith("_ja")]
    size = LONGEST_ECHO + 1
    echoes = [
        (place, said[start : start + size])
        for place, said in ((place, plain(said)) for place, said in ours)
        for start in range(len(said) - size + 1)
        if said[start : start + size] in text
    ]
    assert echoes == []
