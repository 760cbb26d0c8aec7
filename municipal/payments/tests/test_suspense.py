"""Money that came for nobody goes one way only, whoever is first (仮受金の試験)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connections, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.models import Act, Charge, Decision, Report
from municipal.payments.operations import decide, identify, reverse, undo_decision

from .booking import CLERK, charged, report, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def stray(yen: int = 500) -> Report:
    """Money for a number that nobody was given."""
    taken(report("9" * 20, yen))
    return Report.objects.get(slip=None, stage="confirmed")


def somebody() -> Charge:
    return charged(total_yen=30_000, due_on=[date(2026, 6, 30)])[0]


def send_back(found: Report) -> object:
    return decide(actor=CLERK, report=found, act=Act.RETURNED, reason="誤送金")


def take_back(found: Report) -> object:
    assert found.posting
    return reverse(actor=CLERK, posting=found.posting, booked_on=clock.today(), reason="誤り")


def is_refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except Refused:
        return True
    return False


def test_what_found_its_owner_is_not_taken_back_until_that_is(town: int) -> None:
    found, charge = stray(), somebody()
    owner = identify(actor=CLERK, report=found, charge=charge)
    assert is_refused(lambda: take_back(found))
    assert books().suspense == 0
    reverse(actor=CLERK, posting=owner, booked_on=clock.today(), reason="別の方")
    take_back(found)
    assert (books().suspense, books().collected) == (0, 0)


def test_what_was_sent_back_is_not_taken_back_nor_given_an_owner(town: int) -> None:
    found, charge = stray(), somebody()
    send_back(found)
    assert is_refused(lambda: take_back(found))
    assert is_refused(lambda: identify(actor=CLERK, report=found, charge=charge))
    assert is_refused(lambda: send_back(found))
    assert books().suspense == 0
    undo_decision(actor=CLERK, decision=Decision.objects.get(), reason="戻っていない")
    identify(actor=CLERK, report=found, charge=charge)
    assert books().suspense == 0


def test_a_channel_that_takes_back_what_was_sent_back_is_contested(town: int) -> None:
    send_back(stray())
    assert taken(report("9" * 20, 500, stage="cancelled")).by_match["contested"] == 1
    assert books().suspense == 0


def test_of_all_who_move_it_at_once_one_does(committed_db: str) -> None:
    with wall.within(TOWN):
        found, charge = stray(), somebody()

    def try_it(act: Callable[[], object]) -> bool:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                act()
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    acts = [
        lambda: identify(actor=CLERK, report=found, charge=charge),
        lambda: send_back(found),
        lambda: take_back(found),
        lambda: taken(report("9" * 20, 500, stage="cancelled", reference="A1")),
    ]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(try_it, acts * 2))
    with wall.within(TOWN):
        assert books().suspense == 0
        assert books().broken() == []
    # A file that comes second is taken, and says that it is contested.
    assert sum(done[:3] + done[4:7]) <= 1
