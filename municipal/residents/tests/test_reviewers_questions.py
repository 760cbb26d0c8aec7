"""What a reviewer asks of any register, run against ours, read from the files it hands over (確かめの問い)."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import CHIEF, ELSEWHERE, act, day, family, member, newcomer_said, people_of
from municipal.transfer.operations import export_residents

pytestmark = pytest.mark.django_db


def exported(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one file of the hand-over, as another system reads them."""
    export_residents(actor=CHIEF, folder=folder)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_family_of_four_that_moves_in_by_one_notice_is_four_people(town: int, may: None, tmp_path: Path) -> None:
    act("move_in", people=family())
    rows = exported(tmp_path, "residents.csv")
    assert [row["氏名"] for row in rows] == ["甲野　太郎", "甲野　花子", "甲野　一郎", "甲野　二子"]
    assert len({row["世帯番号"] for row in rows}) == 1


def test_who_leaves_next_month_is_a_resident_today_and_gone_on_the_day(town: int, may: None, tmp_path: Path) -> None:
    home = people_of(act("move_in", people=family()))
    act("move_out", people=tuple(map(member, home)), place=ELSEWHERE, event_on=day(2026, 6, 20))
    assert {row["住民状態"] for row in exported(tmp_path, "residents.csv")} == {"1"}
    with clock.stopped_at(datetime(2026, 6, 20, 0, 1, tzinfo=clock.TOKYO)):
        remove_announced(actor=CHIEF)
    rows = exported(tmp_path, "residents.csv")
    assert {(row["住民状態"], row["転出予定年月日"], row["消除の異動年月日"]) for row in rows} == {
        ("2", "2026-06-20", "2026-06-20")
    }


def test_after_a_cancelled_death_the_person_is_back_and_both_events_are_there(
    town: int, may: None, tmp_path: Path
) -> None:
    [alone] = people_of(act("move_in", people=(newcomer_said(),)))
    death = act("death", people=(member(alone),), basis="family_register")
    act("cancellation", cancels=death.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    history = [(row["個人履歴番号"], row["異動事由"], row["住民状態"]) for row in exported(tmp_path, "history.csv")]
    assert history == [("1", "move_in", "1"), ("2", "death", "3"), ("3", "cancellation_adding", "1")]


def test_a_birth_date_of_which_only_about_a_year_is_known_keeps_its_words(town: int, may: None, tmp_path: Path) -> None:
    act("move_in", people=(newcomer_said(born_on=RegisterDate.entered("昭和12年頃")),))
    [row] = exported(tmp_path, "residents.csv")
    assert (row["生年月日"], row["生年月日_不詳フラグ"], row["生年月日_不詳表記"]) == ("", "1", "昭和12年頃")
