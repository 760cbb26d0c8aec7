"""The pack of resident records says what the text says, and right registers pass it (住民記録データのパック)."""

import csv
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.conformance import conditions, engine, lists, proofs
from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import Item
from municipal.conformance.results import Report
from municipal.conformance.rules import Rule, all_rules
from municipal.conformance.tests.made_residents import DAY, PACK, Line, copied, hand_over, items, register, write
from municipal.core.clauses import CLAUSE
from municipal.core.codes import table
from municipal.core.numbers import RESIDENT_RECORD_CODE

TABLES = ("residents", "history")
OURS = [code for code, rule in all_rules().items() if ".rules.residents." in rule.judge.__module__]


def judge(folder: Path, *, is_plain: bool = False, only: Iterable[str] = ()) -> Report:
    return check(Asked((folder,), DAY, DAY, (PACK,), only=frozenset(only), is_plain=is_plain))


def found(report: Report) -> set[tuple[str, str, str]]:
    return {(sample.code, sample.file, sample.column) for result in report.results for sample in result.samples}


@pytest.mark.parametrize("name", list(PACK.tables))
def test_an_item_and_a_heading_stand_once_in_a_table(name: str) -> None:
    listed = PACK.items_of(name)
    headings = [heading for item in listed for heading in (item.name_ja, *item.aliases)]
    assert len({item.item for item in listed}) == len(listed) > 0
    assert len(set(headings)) == len(headings)


def test_residents_and_histories_have_the_same_items() -> None:
    one, other = items("residents"), items("history")
    assert list(one) == list(other)
    assert len(one) > 200
    assert {item for item in one if one[item].column != other[item].column} == {"person_history_no"}


def test_nothing_is_called_official_because_no_list_of_this_business_was_read() -> None:
    assert {item.status for item in PACK.items} == {"cited", "provisional"}
    assert all(item.source for item in PACK.items)
    assert PACK.status == "provisional"
    assert not PACK.is_closed


@pytest.mark.parametrize("item", [item for item in PACK.items if item.condition])
def test_a_condition_speaks_of_items_of_its_table(item: Item) -> None:
    known = {other.name_ja for other in PACK.items_of(item.table)}
    assert conditions.parse(item.condition).headings <= known


@pytest.mark.parametrize("name", sorted({item.codes for item in PACK.items if item.codes}))
def test_a_code_list_that_an_item_names_is_there(name: str) -> None:
    assert lists.validity(PACK, name)


def test_the_reasons_of_events_can_be_written_as_words_and_as_our_codes() -> None:
    known = {value.code for value in PACK.codes["event_reason"]}
    assert known == {word for code in table("event_reason").values() for word in (code.code, code.name_ja)}
    assert len({code.name_ja for code in table("event_reason").values()}) == 35


@pytest.mark.clause("resident-record/1.0#1.1.6/m1")
def test_only_what_the_text_lists_may_not_be_empty() -> None:
    demanded = {item.item for item in PACK.items_of("residents") if item.presence != "optional"}
    assert demanded == {
        "atena_no", "household_no", "birth_date", "became_resident_on", "juminhyo_code", "became_foreign_resident_on",
        "article30_45_class", "residence_card_no", "landing_period", "provisional_stay_period",
    }  # fmt: skip
    assert all(items("residents")[item].status == "cited" for item in demanded)


@pytest.mark.clause("resident-record/1.0#1.1.8/m2", "resident-record/1.0#1.1.8/m4")
def test_the_dates_that_the_text_names_may_be_unknown() -> None:
    unknown = {item.name_ja for item in PACK.items_of("residents") if item.may_be_unknown}
    assert unknown >= {"生年月日", "住民となった年月日", "住所を定めた年月日", "外国人住民となった年月日", "異動年月日"}
    assert "旧外登法による登録年月日" in unknown
    assert "転出予定年月日" not in unknown
    headings = {item.name_ja for item in PACK.items_of("residents")}
    assert {heading + end for heading in unknown for end in ("_不詳フラグ", "_不詳表記")} <= headings


@pytest.mark.parametrize("code", OURS)
def test_a_rule_names_a_clause_and_knows_its_items(code: str) -> None:
    rule = all_rules()[code]
    assert "RES-0001" <= code <= "RES-0099"
    assert CLAUSE.match(rule.clause)
    assert {*rule.needs, *rule.uses} <= set(items("history"))
    collected = rule.collects(PACK) if rule.collects else {}
    assert all(set(wanted) <= set(items(name)) for name, wanted in collected.items())


@pytest.mark.parametrize("is_plain", [False, True], ids=["fast", "plain"])
def test_a_made_up_town_with_all_its_history_is_right(tmp_path: Path, is_plain: bool) -> None:
    everybody = copied()
    people = everybody[:60] if is_plain else everybody
    report = judge(hand_over(tmp_path, people), is_plain=is_plain)
    assert found(report) == set()
    passed = {result.code for result in report.results if result.outcome == "passed"}
    assert set(OURS) - passed == {"RES-0007", "RES-0051"} - passed  # no era codes, no marks of the latest row
    assert {file.table for file in report.files} == {"residents", "history", "households"}


def test_the_town_has_what_looks_odd() -> None:
    rows = [row for rows in register() for row in rows]
    assert any(row["生年月日_不詳表記"] for row in rows)
    assert any(row["生年月日"] == "1999-02-29" for row in rows)
    assert any(row["住民状態"] == "2" and not row["転入通知年月日"] for row in rows)
    assert {row["住民種別"] for row in rows} == {"1", "2"}
    assert len(rows) > 400


def current(people: list[list[Line]], kind: str = "1") -> Line:
    return next(rows[-1] for rows in people[40:] if rows[-1]["住民種別"] == kind and rows[-1]["住民状態"] == "1")


def lose_a_zero(people: list[list[Line]]) -> None:
    current(people)["住所_町字コード"] = "20000"


def stand_in(people: list[list[Line]]) -> None:
    current(people)["生年月日"] = "1900-01-01"


def power(people: list[list[Line]]) -> None:
    current(people)["届出番号"] = "1.2E+11"


def geta(people: list[list[Line]]) -> None:
    current(people)["住所_方書"] = "〓ビル"


def cut(people: list[list[Line]]) -> None:
    next(rows for rows in people if len(rows) > 2).pop(0)


def other_row(people: list[list[Line]]) -> None:
    longest = next(rows for rows in people if len(rows) > 2)
    longest[-2], longest[-1] = longest[-1], longest[-2]


def twice(people: list[list[Line]]) -> None:
    longest = next(rows for rows in people if len(rows) > 2)
    longest.append(dict(longest[-1]))


def card(people: list[list[Line]]) -> None:
    current(people, "2")["在留期間の満了の日"] = current(people, "2")["第30条45規定区分"] = ""


def stay(people: list[list[Line]]) -> None:
    current(people)["在留資格等コード"] = "留学"


def empty(people: list[list[Line]]) -> None:
    for heading in ("住所_町字", "住所_番地号表記", "住所_方書"):
        current(people)[heading] = ""


@pytest.mark.parametrize(
    ("spoil", "code", "column"),
    [
        (lose_a_zero, "RES-0060", "住所_町字コード"),
        (stand_in, "RES-0009", "生年月日"),
        (geta, "RES-0062", "住所_方書"),
        (cut, "RES-0050", "個人履歴番号"),
        (other_row, "RES-0054", "個人履歴番号"),
        (twice, "RES-0057", "個人履歴番号"),
        (card, "ITEM-0002", "第30条45規定区分"),
        (stay, "RES-0035", "在留資格等コード"),
        (empty, "RES-0030", "住所_町字"),
        (power, "RES-0061", "届出番号"),
    ],
)
def test_a_defect_of_real_files_is_found(
    spoil: Callable[[list[list[Line]]], None], code: str, column: str, tmp_path: Path
) -> None:
    people = copied()
    for rows in people:
        for row in rows:
            row.setdefault("届出番号", "")
    spoil(people)
    assert (code, column) in {(code, column) for code, _, column in found(judge(hand_over(tmp_path, people)))}


def test_a_withheld_address_is_no_empty_one(tmp_path: Path) -> None:
    people = copied()
    for rows in people:
        for row in rows:
            row["住所の非表示"] = "0"
    empty(people)
    hidden = next(rows for rows in people if rows[-1]["住所_町字"] == "")
    for row in hidden:
        row["住所の非表示"], row["本籍"] = "1", ""
        row |= dict.fromkeys([heading for heading in row if heading.startswith(("住所_", "本籍_"))], "")
    assert not found(judge(hand_over(tmp_path, people), only=OURS))


def test_a_code_of_the_systems_own_is_no_wrong_reason(tmp_path: Path) -> None:
    people = copied()
    for rows in people:
        for row in rows:
            row |= {heading: "23" for heading in ("異動事由", "記載の事由", "消除の事由") if row[heading]}
    assert not found(judge(hand_over(tmp_path, people), only=OURS))


@pytest.mark.parametrize("code", OURS)
def test_a_rule_says_the_same_in_both_engines_and_all_that_its_message_asks_for(code: str, tmp_path: Path) -> None:
    texts = PACK.messages[code]
    places = set(re.findall(r"%\((\w+)\)s", " ".join([texts.what_ja, texts.what_en]))) - {"column", "value"}
    for number, case in enumerate(proofs.cases(all_rules()[code])):
        folder = case.lay_out(tmp_path / str(number))
        told = []
        for is_plain in (False, True):
            asked = Asked((folder,), case.as_of, case.today, (case.pack,), only=frozenset({code}), is_plain=is_plain)
            told.append([(each.place, dict(each.facts)) for result in check(asked).results for each in result.samples])
        assert sorted(told[0], key=str) == sorted(told[1], key=str)
        assert all(places <= set(facts) for _, facts in told[0])


@pytest.mark.parametrize("code", [code for code in OURS if all_rules()[code].shape in ("item", "row")])
def test_the_vectorised_form_alone_counts_what_the_proof_says(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.rows, "EXPLAINED_AT_ONCE", 0)
    rule = all_rules()[code]
    for number, case in enumerate(proofs.cases(rule)):
        folder = case.lay_out(tmp_path / str(number))
        # No sample is kept, so nothing is explained and the count is that of the vectorised form.
        asked = Asked((folder,), case.as_of, case.today, (case.pack,), only=frozenset({code}), cap=0)
        counted = sum(result.count for result in check(asked).results)
        assert counted == len(case.finds) or not rule.is_exact, case.why


@cache
def proven(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The headings of a rule's proof and the cells that stand in it."""
    rows: list[list[str]] = []
    for case in proofs.cases(all_rules()[code]):
        for data in case.files.values():
            read = list(csv.reader(data.decode().splitlines()))
            headings = [*dict.fromkeys([*(rows[0] if rows else []), *read[0]])]
            rows = [headings, *rows[1:], *read[1:]]
    values = sorted({cell for row in rows[1:] for cell in row})[:60]
    return tuple(rows[0]), tuple(values)


@pytest.mark.walk
@pytest.mark.parametrize("code", OURS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_engines_agree_on_the_cells_of_the_proofs_mixed_up(
    code: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    headings, values = proven(code)
    folder = tmp_path_factory.mktemp("mixed")
    for name in TABLES:
        row = st.fixed_dictionaries({heading: st.sampled_from(["", "1", "2", *values]) for heading in headings})
        people = st.sampled_from(["1", "2"])
        rows = data.draw(st.lists(st.tuples(people, row), max_size=6))
        write(folder / f"{name}.csv", [dict.fromkeys(headings, ""), *({**each, "宛名番号": who} for who, each in rows)])
    fast, plain = (judge(folder, only=[code], is_plain=is_plain) for is_plain in (False, True))
    places = [{sample.place for result in report.results for sample in result.samples} for report in (fast, plain)]
    assert places[0] == places[1]


def test_the_code_of_the_made_up_people_is_a_right_one() -> None:
    rule: Rule = all_rules()["RES-0060"]
    code = items("residents")["juminhyo_code"]
    assert rule.concerns is not None
    assert rule.concerns(code)
    assert RESIDENT_RECORD_CODE.is_valid(register()[0][-1]["住民票コード"])
