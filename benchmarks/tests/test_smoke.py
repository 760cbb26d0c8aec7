"""Every subject still runs, on a tiny town; how fast is asked by nobody here (測定の動作確認)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from benchmarks import (
    acts,
    applying,
    asof,
    audit,
    charging,
    checking,
    finding,
    handover,
    listing,
    loading,
    page,
    payloads,
    playing,
    renumbering,
    scaleout,
    search,
    slips,
    transfer,
)
from benchmarks.__main__ import SUBJECTS
from benchmarks.ground import TOWN, connect
from benchmarks.measuring import Table, percentile
from conftest import Cluster, cloned, pointing_at, template_of
from municipal.conformance.packs import load
from municipal.conformance.rules import all_rules
from municipal.machine.postgresql import SUPERUSER
from municipal.residents.search import LIMIT

pytestmark = pytest.mark.long


def _make_town() -> None:
    call_command(
        "make_town", town=f"{TOWN}", residents=130, seed=3, as_of=date(2026, 11, 23), is_played=False,
        stdout=io.StringIO(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def small_town_template(cluster: Cluster, django_db_blocker: Any) -> Iterator[str]:
    with template_of(cluster, django_db_blocker, "small", _make_town) as name:
        yield name


@pytest.fixture
def small_town(cluster: Cluster, django_db_blocker: Any, small_town_template: str) -> Iterator[str]:
    with cloned(cluster, django_db_blocker, f"{small_town_template}_copy", small_town_template) as name:
        yield name


@pytest.fixture
def fresh_of(cluster: Cluster, committed_db: str):  # type: ignore[no-untyped-def]
    @contextmanager
    def fresh() -> Iterator[str]:
        name = f"{committed_db}_fresh"
        cluster.clone(name)
        with pointing_at(name):
            yield name
        cluster.drop(name)

    return fresh


def test_every_subject_is_in_the_list_of_the_command() -> None:
    there = {path.stem for path in Path(search.__file__).parent.glob("*.py")}
    assert there - set(SUBJECTS) == {"__init__", "__main__", "ground", "handover", "measuring", "peer", "request"}
    assert set(SUBJECTS) <= there


def test_searching_compares_three_ways(small_town: str) -> None:
    (table,) = search.measure(queries=6)
    assert [row[0] for row in table.rows][:3] == ["1 kana", "2 kana", "3 kana"]
    assert all(len(row) == len(table.columns) + 1 for row in table.rows)


def test_the_floor_answers_like_the_search_itself(small_town: str) -> None:
    with connect(SUPERUSER) as superuser:
        search.lower_the_wall(superuser)
        for query in ("ア", "ミヤ", "山"):
            ours = search.alone(query)
            floor = list(dict.fromkeys(row[0] for row in search.by_floor(superuser, query)))
            assert list(ours.addressees) == floor[:LIMIT]


def test_a_page_is_answered(small_town: str) -> None:
    (table,) = page.measure(requests=3)
    assert len(table.rows) == 2


def test_a_list_is_answered_by_each_way(small_town: str) -> None:
    (table,) = listing.measure(rounds=2)
    assert len(table.rows) == 3


def test_both_ways_of_loading_load_the_same(fresh_of: loading.Fresh) -> None:
    (table,) = loading.measure(fresh_of, people=120, rounds=1)
    assert [row[0] for row in table.rows] == ["without search indexes", "with search indexes"]


def test_a_town_is_lived_through_and_loaded(fresh_of: playing.Fresh) -> None:
    (table,) = playing.measure(fresh_of, residents=60)
    assert table.rows[0][0] == "60"


def test_the_audit_is_written_and_verified(fresh_of: audit.Fresh, settings: object, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path  # type: ignore[attr-defined]
    bulk, single = audit.measure(fresh_of, entries=200, appends=8, rounds=1)
    assert [row[1] for row in bulk.rows] == ["200", "200"]
    assert [row[0] for row in single.rows] == ["1", "8"]


def test_acts_are_entered_and_decided_and_the_queue_is_listed(small_town: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "WAITING", 60)
    played, queue = acts.measure(lambda: nullcontext(""), acts=10, pause=0)
    assert [row[1] for row in played.rows] == ["10", "10"]
    assert len(queue.rows) == 2


def test_residents_apply_and_the_queue_is_listed(small_town: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "RESIDENTS", 2)
    monkeypatch.setattr(applying, "PAUSE", 0.0)
    monkeypatch.setattr(applying, "LISTS", 2)
    applied, queue = applying.measure(lambda: nullcontext(""), rounds=1, waiting=60)
    assert {row[1] for row in applied.rows} >= {applying.EMPTY, applying.FORM, applying.SUBMIT}
    assert len(queue.rows) == 2


def test_a_household_as_of_a_day_is_answered_by_both(small_town: str) -> None:
    (table,) = asof.measure(rounds=3)
    assert [row[0] for row in table.rows] == ["now", "on that day"]


def test_addresses_are_changed_in_bulk(small_town: str) -> None:
    (table,) = renumbering.measure(lambda: nullcontext(""), people=60)
    assert [row[0] for row in table.rows] == ["trial", "final", "plain COPY of the rows"]
    assert int(table.rows[0][1]) >= 60
    assert not table.missed


@pytest.mark.parametrize(("share", "expected"), [(0.5, 10.0), (0.95, 19.0), (1.0, 20.0)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(20, 0, -1)], share) == expected


def test_a_missed_target_is_counted() -> None:
    table = Table("Title", ("a",))
    table.add("1", is_met=True)
    table.add("2", is_met=False)
    assert table.missed == 1
    assert "| 2 | MISSED |" in str(table)


def test_every_planted_error_is_found_and_none_else(tmp_path: Path) -> None:
    folder = handover.write(tmp_path, 4_000)
    checking.ours(folder, tmp_path / "report.json")
    assert len(handover.truth(folder)) == 4
    assert checking.found(tmp_path / "report.json") == handover.truth(folder)


def test_every_kind_of_planted_error_is_found_where_it_was_planted() -> None:
    pack = load(handover.PACK)
    codes = {planted.code for planted in handover.PLANTED} | {handover.DOUBLED}
    assert codes <= {rule.code for rule in all_rules().values() if rule.serves(pack)}
    assert len(pack.items_of("people")) >= 40


def test_a_country_has_1788_bodies_and_a_hundredth_of_its_people() -> None:
    sizes = scaleout.sizes()
    assert len(sizes) == 1_788
    assert 1_240_000 < sum(sizes.values()) < 1_270_000
    assert max(sizes, key=lambda town: sizes[town]) == 141003


def test_the_register_goes_out_and_comes_in(two_towns: str) -> None:
    (table,) = transfer.measure(lambda: nullcontext(""))
    assert [row[0] for row in table.rows] == ["out", "in: reading and rules", "in: database", "in"]
    assert not table.missed


def test_slips_are_printed_by_each_way_and_read_back() -> None:
    table, large = slips.measure(slips=6, peer_slips=3, many=7)
    assert [row[0] for row in table.rows][:2] == ["ours", "ReportLab and segno"]
    assert table.rows[3][2] == large.rows[0][3] == "0"


def test_payloads_are_composed_and_judged() -> None:
    (table,) = payloads.measure(codes=20, rounds=1)
    assert [row[0] for row in table.rows] == ["composed", "judged", "composed and judged"]


def test_procedures_are_found() -> None:
    (table,) = finding.measure(rounds=1, most=5)
    assert [row[0] for row in table.rows] == ["index built", "question answered", "word for word"]


def test_a_town_is_charged_and_its_slips_are_printed(fresh_of: charging.Fresh) -> None:
    (table,) = charging.measure(fresh_of, payers=30)
    assert [row[1] for row in table.rows] == ["30"] * 4
    assert not table.missed
