"""The code tables are complete, well formed and honest about what is known (コード表)."""

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter

import pytest

from municipal.core.codes import STANDARDS, local_governments, rows, table, table_names

STATUSES = {"official", "cited", "seen", "provisional"}


def test_the_tables_are_these() -> None:
    assert table_names() == (
        "article30_45",
        "event_reason",
        "flag",
        "kana_confirmation",
        "relationship",
        "resident_kind",
        "resident_status",
        "sex",
        "status_of_residence",
    )


@pytest.mark.parametrize("name", table_names())
def test_every_line_has_both_names_a_known_status_and_a_source(name: str) -> None:
    for code in table(name).values():
        assert code.name_ja
        assert re.search("[A-Za-z]", code.name_en)
        assert code.status in STATUSES
        assert code.source
        assert re.fullmatch(r"[0-9]+|[a-z][a-z0-9_]*", code.code)


@pytest.mark.parametrize("name", table_names())
def test_no_code_stands_twice(name: str) -> None:
    lines = list(rows(STANDARDS / "codes" / f"{name}.csv"))
    assert len(lines) == len(table(name)) == len({line["code"] for line in lines})


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("sex", {"0": "不明(未記入)", "1": "男", "2": "女"}),
        ("resident_kind", {"1": "日本人", "2": "外国人"}),
        ("resident_status", {"1": "住民", "2": "転出者", "3": "死亡者", "9": "その他消除者"}),
        ("flag", {"0": "否", "1": "該当"}),
        ("kana_confirmation", {"0": "無", "1": "有"}),
    ],
)
def test_short_tables_hold_exactly_their_values(name: str, codes: dict[str, str]) -> None:
    assert {code.code: code.name_ja for code in table(name).values()} == codes


def test_event_reasons_are_the_closed_list() -> None:
    reasons = table("event_reason").values()
    assert Counter(reason.extra["group"] for reason in reasons) == {"entry": 9, "deletion": 9, "correction": 19}
    assert len({(reason.extra["group"], reason.name_ja) for reason in reasons}) == 37


def test_a_cancelled_move_within_is_no_event_reason() -> None:
    assert "転居取消" not in {reason.name_ja for reason in table("event_reason").values()}


def test_reasons_for_one_kind_of_resident_say_so() -> None:
    reasons = table("event_reason").values()
    limited = {(reason.extra["group"], reason.name_ja): reason.extra["only_for"] for reason in reasons}
    assert {key: only_for for key, only_for in limited.items() if only_for} == {
        ("entry", "職権記載（帰化等）"): "japanese",
        ("entry", "職権記載（国籍喪失）"): "foreign",
        ("deletion", "職権消除（帰化等）"): "foreign",
        ("deletion", "職権消除（国籍喪失）"): "japanese",
    }


@pytest.mark.parametrize("name", ["event_reason", "article30_45", "status_of_residence"])
def test_official_numbers_that_nobody_has_seen_stay_empty(name: str) -> None:
    assert {code.extra["official_code"] for code in table(name).values()} == {""}


def test_relationships_of_older_generations_are_left_out() -> None:
    codes = table("relationship")
    assert len(codes) == 14
    assert codes["96"].status == "provisional"
    assert codes.keys().isdisjoint({"01", "03", "98"})


def test_an_unknown_table_is_an_error() -> None:
    for name in ("", "era", "../eras/eras", "sex.csv"):
        with pytest.raises(LookupError):
            table(name)


def test_tables_are_read_once_and_cannot_be_changed() -> None:
    assert table("sex") is table("sex")
    with pytest.raises(TypeError):
        table("sex")["3"] = table("sex")["1"]  # type: ignore[index]
    with pytest.raises(TypeError):
        table("event_reason")["birth"].extra["group"] = "deletion"  # type: ignore[index]


def test_local_governments_are_1965_with_names_and_kana() -> None:
    governments = local_governments()
    assert len(governments) == 1965
    assert governments["011002"].name == "札幌市"
    assert governments["131016"].prefecture == "東京都"
    assert all(body.name and body.prefecture and body.kana for body in governments.values())
    assert sum(code[2:5] == "000" for code in governments) == 47


def test_the_pack_of_local_government_codes_describes_its_file() -> None:
    folder = STANDARDS / "local-government-codes" / "2024-01-01"
    pack = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    lines = list(rows(folder / "codes.csv"))
    described = pack["files"]["codes.csv"]
    assert pack["version"] == folder.name
    assert described["rows"] == len(lines)
    assert described["columns"] == list(lines[0])
    assert len(pack["source"]["sha256"]) == hashlib.sha256().digest_size * 2


def test_every_data_folder_has_its_source_written_down() -> None:
    sources = (STANDARDS / "SOURCES.md").read_text(encoding="utf-8")
    for name in table_names():
        assert f"codes/{name}.csv" in sources
    assert "characters/variants.csv" in sources
    assert "local-government-codes/2024-01-01" in sources


def test_variants_lead_to_a_base_in_one_step() -> None:
    lines = list(rows(STANDARDS / "characters" / "variants.csv"))
    variants = {line["variant"]: line["base"] for line in lines}
    assert len(variants) == len(lines) >= 150
    assert variants.keys().isdisjoint(variants.values())
    for variant, base in variants.items():
        assert len(variant) == len(base) == 1
        assert unicodedata.normalize("NFKC", variant + base) == variant + base
