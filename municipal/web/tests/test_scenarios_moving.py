"""A family moves out of one town and into the other, from the phone to both registers (引越しの物語の試験; issue 7)."""

from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import card_of
from municipal.applications.models import FollowUp
from municipal.applications.tests.bundled import a_family
from municipal.core import clock
from municipal.entitlements.tests.acting import allowance, granted
from municipal.municipalities import wall
from municipal.residents.models import Received

from .browsing import Town
from .living import Office, Phone, apart

pytestmark = pytest.mark.browser


@apart
def a_home() -> Card:
    """花子, insured and paid the allowance for 春; their insurance and the allowance are on record."""
    with wall.within(OTHER_TOWN):
        Received.objects.update(closed_because="研修用")
    with wall.within(TOWN):
        mother, father, child = a_family()
        allowance(mother.addressee, child.addressee, "2026-05-01")
        for one in (mother, father, child):
            granted(one.addressee, kind="nhi", procedure="nhi-join", name="国民健康保険の資格")
        return card_of(mother.addressee)


def test_a_family_moves_from_one_town_to_the_other(page: Any, served: Town) -> None:
    card, here = a_home(), Office()
    phone = Phone(page, served)
    phone.language = "ko"
    phone.sign_in(card, f"/events/{TOWN}/moving?lang=ko")
    answers = {"way": "out", "on": clock.today().isoformat(), "movers": ["*"]} | dict.fromkeys(("has_child_allowance", "uses_water", "has_seal"), "yes")
    numbers = phone.hand_in("moving", card, answers, {"new_address": "架空県模擬町本通２番地３", "member": "*"})
    print(numbers)
    apart(_left)(here, numbers)
    assert phone.faults == []


def _left(here: Office, numbers: list[str]) -> None:
    cases = here.cases(numbers)
    print(sorted(cases))
    for one in cases.values():
        print(one.procedure, here.approve(one).state)
    with wall.within(TOWN):
        print([(o.case.procedure, o.kind, o.reference, o.sentence) for c in cases.values() for o in c.outcomes.all()])
        print(list(FollowUp.objects.values_list("procedure", "case__state", "is_certain")))
