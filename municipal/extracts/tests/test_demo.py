"""The sample questions of a made-up town can all be asked, and are kept once (研修用の抽出条件の試験)."""

import io
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.core import clock
from municipal.extracts.demo import SAMPLES
from municipal.extracts.models import SavedQuery
from municipal.extracts.queries import Column
from municipal.extracts.running import everything
from municipal.municipalities import wall
from municipal.residents.tests.acting import act, child, day, newcomer_said

from .world import ask


def test_they_are_kept_once_and_can_be_asked(two_towns: str) -> None:
    for count in (len(SAMPLES), 0):
        out = io.StringIO()
        call_command("keep_sample_questions", town=str(TOWN), stdout=out)
        assert f"{count} questions kept" in out.getvalue()
    with wall.within(TOWN):
        assert SavedQuery.objects.filter(is_shared=True, owner__login_name="counter").count() == len(SAMPLES)
        found = {name: len(list(everything(ask(query)))) for name, query in SAMPLES.items()}
    assert found["敬老会の案内（75歳以上）"] > 5
    assert found["町字別・男女別の人口"] > 5


@pytest.mark.parametrize("code", ["131016", "x", ""])
def test_a_real_town_gets_none(two_towns: str, code: str) -> None:
    with pytest.raises(CommandError):
        call_command("keep_sample_questions", town=code)


@pytest.mark.parametrize(("month", "names"), [(3, ["四月一日"]), (5, ["四月二日", "翌四月一日"])])
def test_children_who_go_to_school_next_are_those_of_the_law(town: int, month: int, names: list[str]) -> None:
    """Born from 2 April to 1 April: whoever is born on 1 April reaches the age at the end of 31 March."""
    with clock.stopped_at(datetime(2026, month, 20, 10, tzinfo=clock.TOKYO)):
        born = {
            "四月一日": (2020, 4, 1),
            "四月二日": (2020, 4, 2),
            "翌四月一日": (2021, 4, 1),
            "翌四月二日": (2021, 4, 2),
        }
        children = [child(name, serial=20 + n, born_on=day(*on)) for n, (name, on) in enumerate(born.items())]
        act("move_in", people=(newcomer_said(), *children), event_on=day(2026, month, 11))
        query = replace(SAMPLES["来年度に小学校へ入る児童"], columns=(Column("[氏名]"),))
        assert sorted(str(line.values[0]) for line in everything(ask(query))) == sorted(names)
