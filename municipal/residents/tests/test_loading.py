"""A whole town at once gives what entering it row by row gives (一括登録の試験)."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from psycopg.types.range import Range

from conftest import OTHER_TOWN, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.loading import Row, stretches
from municipal.residents.models import Period, ResidentRecord
from municipal.residents.search import find
from municipal.residents.tests.people import enter, newcomer
from municipal.transfer.operations import export_residents

AS_OF = date(2026, 11, 23)
OWN = {"addressees.csv", "history.csv", "households.csv", "periods.csv", "residents.csv"}
"""The register itself; the cases of support measures are made for training and bear the moment of making."""
NOON = datetime(2025, 1, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))


def make(town: int = TOWN, residents: int = 120, seed: int = 7) -> None:
    call_command(
        "make_town", town=f"{town}", residents=residents, seed=seed, as_of=AS_OF, without_accounts=True,
        is_played=False, verbosity=0,
    )  # fmt: skip


@pytest.fixture
def made(committed_db: str, capsys: pytest.CaptureFixture[str]) -> int:
    make()
    return TOWN


def row(valid_from: date, days: int, corrects: int | None = None) -> Row:
    return Row({}, "1", valid_from, NOON + timedelta(days=days), corrects)


def test_stretches_are_what_entering_one_by_one_makes(town: int) -> None:
    days = [date(2025, 1, 1), date(2025, 6, 1), date(2025, 6, 1)]
    known = [NOON, NOON + timedelta(days=10), NOON + timedelta(days=20)]
    with clock.stopped_at(known[0]):
        first = newcomer(valid_from=days[0])
    for day, moment in zip(days[1:], known[1:], strict=True):
        with clock.stopped_at(moment):
            enter(first, day, address_lot=f"{day}")
    entered = {(period.record.serial - 1, period.valid, period.recorded) for period in Period.objects.all()}
    loaded = set(stretches([row(days[0], 0), row(days[1], 10), row(days[2], 20)]))
    assert entered == loaded


def test_a_correction_takes_the_place_of_what_it_corrects_and_no_more() -> None:
    first, second = date(2025, 1, 1), date(2025, 6, 1)
    rows = [row(first, 0), row(second, 1), row(first, 2, corrects=1)]
    now = {index: valid for index, valid, recorded in stretches(rows) if recorded.upper is None}
    assert now == {1: Range(second, None), 2: Range(first, second)}


def test_rows_recorded_in_the_same_moment_still_follow_each_other() -> None:
    found = list(stretches([row(date(2025, 1, 1), 0), row(date(2025, 1, 1), 0)]))
    closed, current = sorted(found, key=lambda stretch: stretch[0])
    assert closed[2].upper == current[2].lower
    assert not closed[2].isempty


def test_the_town_has_exactly_its_residents_and_each_one_truth_today(made: int) -> None:
    with wall.within(made):
        today = Period.objects.filter(is_registered=True, recorded__endswith__isnull=True, valid__contains=AS_OF)
        assert today.count() == 120
        assert today.values("addressee").distinct().count() == 120


def test_the_same_seed_and_day_give_the_same_bytes(
    committed_db: str, tmp_path: Path, cluster: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from conftest import pointing_at

    digests = []
    for attempt in ("one", "two"):
        name = f"{committed_db}_{attempt}"
        cluster.clone(name)  # type: ignore[attr-defined]
        with pointing_at(name):
            make()
            with wall.within(TOWN), clock.stopped_at(NOON):
                export_residents(actor=System(), folder=tmp_path / attempt)
        cluster.drop(name)  # type: ignore[attr-defined]
        files = sorted(file for file in (tmp_path / attempt).glob("*.csv") if file.name in OWN)
        digests.append([(file.name, sha256(file.read_bytes()).hexdigest()) for file in files])
    assert digests[0] == digests[1]
    assert {name for name, _ in digests[0]} == OWN


def test_a_protected_address_stands_in_no_file(made: int, tmp_path: Path) -> None:
    marked = [
        person.latest.address_katagaki for person in build(made_up_town("990019"), 120, 7, AS_OF) if person.protected
    ]
    assert marked
    assert all(marked)
    with wall.within(made):
        assert ResidentRecord.objects.filter(address_building__in=marked).exists()
        export_residents(actor=System(), folder=tmp_path)
    for file in tmp_path.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not [building for building in marked if building in text]


def test_everybody_in_the_files_counts_as_disclosed(made: int, tmp_path: Path) -> None:
    with wall.within(made):
        written = export_residents(actor=System(), folder=tmp_path)
    with wall.within(made):
        told = Entry.objects.filter(act="residents.export").latest("seq")
        assert len(told.subjects) == written.rows["residents.csv"]


def test_a_town_with_residents_is_left_as_it_is(made: int) -> None:
    with pytest.raises(CommandError, match="住民がいます"):
        make()


def test_a_town_smaller_than_its_cast_is_refused(committed_db: str) -> None:
    with pytest.raises(CommandError, match="cast"):
        make(residents=3)


def test_numbers_go_on_after_the_last_one_loaded(made: int) -> None:
    with wall.within(made), clock.stopped_at(NOON):
        taken = set(ResidentRecord.objects.values_list("addressee__number", flat=True))
        assert newcomer(valid_from=date(2025, 1, 1)).addressee.number not in taken


def test_two_towns_do_not_see_each_other(made: int, capsys: pytest.CaptureFixture[str]) -> None:
    make(OTHER_TOWN, residents=60)
    with wall.within(TOWN):
        here = set(find("コウ").addressees)
        people = inquiry.page(after="", size=10)
    with wall.within(OTHER_TOWN):
        assert not here & set(find("コウ").addressees)
        assert not {found["addressee_id"] for found in people} & {
            found["addressee_id"] for found in inquiry.page(after="", size=500)
        }
