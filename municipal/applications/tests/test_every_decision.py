"""Every procedure of the catalogue, from submission to what its decision comes to (決定の実施の一巡; section 4)."""

from collections.abc import Iterator
from typing import Any

import pytest

from municipal.certificates.tests.issuing import ready
from municipal.core import clock
from municipal.procedures.catalogue import shipped
from municipal.residents.tests.acting import ACTS_ON

from .acting import stepped
from .carrying import a_family, about, answers_to, approved

ONLINE = [entry.id for entry in shipped() if entry.is_online]
DONE = frozenset({"done"})
WAITS_FOR = {
    "entry": "another person in the register", "prepared": "a clerk", "certificate": "a clerk", "obstacle": "a clerk",
    "damage_certificate": "a clerk",
    "": "the office",
}  # fmt: skip
"""For whom a case that is approved and not done waits, by what came of it."""


@pytest.fixture(autouse=True)
def may(town: int) -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        ready()
        yield


@pytest.mark.walk
@pytest.mark.parametrize("code", ONLINE)
def test_a_decision_ends_in_a_named_state(code: str) -> None:
    people: list[Any] = a_family()
    case = approved(about(code, people[0], answers_to(code), *people))
    outcome = case.outcomes.order_by("-pk").first()
    if case.state in DONE:
        return
    assert case.state == "approved"
    assert WAITS_FOR[outcome.kind if outcome else ""]
    if outcome is None:
        assert stepped(case, "carry_out").state == "done"
