"""Cards for a training, from the command line (模擬カードの交付の試験)."""

import io

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.operations import enter_pin
from municipal.applicants.rules import Use
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .holding import resident


def _issued(most: int) -> list[str]:
    out = io.StringIO()
    call_command("issue_cards", town=TOWN, most=most, stdout=out)
    return out.getvalue().splitlines()


def test_each_card_is_printed_with_what_opens_it_and_nobody_gets_two(committed_db: str) -> None:
    with wall.within(TOWN):
        resident()
        resident(resident_code="99900000010", name="乙野　介")
    lines = _issued(1) + _issued(10)
    assert len(lines) == 2
    assert _issued(10) == []
    for line in lines:
        number, pin = line[:12], line.split("PINs ")[1][:4]
        assert enter_pin(town=TOWN, number=number, use=Use.SIGN_IN, pin=pin).number == number
    assert "甲野" not in "".join(lines)


def test_a_real_town_gets_none(committed_db: str) -> None:
    Municipality.objects.using("owner").filter(pk=TOWN).update(is_fictional=False)
    with wall.within(TOWN):
        resident()
    with pytest.raises(CommandError, match="架空の自治体"):
        _issued(1)
    with wall.within(TOWN):
        assert not Card.objects.exists()
