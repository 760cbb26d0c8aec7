"""A family moves out of one town and into the other, from the phone to both registers (引越しの物語の試験; issue 7)."""

from datetime import timedelta
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import card_of
from municipal.applications.models import Case, FollowUp
from municipal.applications.tests.bundled import a_family
from municipal.core import clock
from municipal.entitlements.models import Entitlement, State
from municipal.entitlements.tests.acting import allowance, granted
from municipal.municipalities import wall
from municipal.residents.models import Received, ResidentRecord

from .browsing import Town
from .entering import entered, fields
from .living import Office, Phone, apart, deliver, draft_of, taken_in

pytestmark = pytest.mark.browser
NAMES = {"甲野　花子", "甲野　一郎", "甲野　春"}
HOME = {"place-block": "本通", "place-lot": "２番地３"}
DESK = ["move-in", "nhi-join", "child-allowance", "school-transfer", "dog-registration"]


@apart
def a_home() -> Card:
    """花子, insured and paid the allowance for 春; their insurance and the allowance are on record."""
    with wall.within(OTHER_TOWN):
        Received.objects.update(closed_because="研修用")
    with wall.within(TOWN):
        mother, father, child = a_family()
        allowance(mother.addressee, child.addressee, "2026-05-01")
        for one in (mother, father, child):
            granted(one.addressee, kind="nhi", procedure="nhi-join", name="国民健康保険の資格", first=clock.today() - timedelta(days=60))
        return card_of(mother.addressee)


def test_a_family_moves_from_one_town_to_the_other(page: Any, served: Town) -> None:
    card, here, there = a_home(), Office(), Office(OTHER_TOWN)
    phone, day = Phone(page, served), clock.today() - timedelta(days=1)
    phone.language = "ko"
    phone.sign_in(card, f"/events/{TOWN}/moving?lang=ko")
    answers = {"way": "out", "on": day.isoformat(), "movers": "*"} | {
        name: "yes" for name in ("has_child_allowance", "uses_water", "has_seal")
    }
    numbers = phone.hand_in("moving", card, answers, {"new_address": "架空県模擬町本通２番地３"})
    _left(here, numbers)
    phone.language = "en"
    phone.go(f"/me/{TOWN}")
    phone.go(f"/apply/{TOWN}/cases/{numbers[0]}")
    _arrived(there)
    _settled(there)
    assert phone.faults == []


@apart
def _left(here: Office, numbers: list[str]) -> None:
    """Every case is approved; the move-out is confirmed by somebody else; insurance and allowance end."""
    cases = here.cases(numbers)
    assert set(cases) >= {"move-out", "nhi-loss", "child-allowance-end", "school-transfer", "water-stop"}
    here.decide(draft_of(here, here.approve(cases.pop("move-out"))))
    for one in cases.values():
        print(one.procedure, here.approve(one).state)
    with wall.within(TOWN):
        print([(o.case.procedure, o.kind, o.reference, o.sentence) for c in cases.values() for o in c.outcomes.all()])
        print(list(FollowUp.objects.values_list("procedure", "case__state", "is_certain")))
        print(list(Entitlement.objects.filter(recorded__endswith__isnull=True).values_list("kind", "about__name", "state", "cause", "valid")))
        print(list(ResidentRecord.objects.filter(name__in=NAMES).values_list("name", "status", "reason", "event_on")))


@apart
def _arrived(there: Office) -> None:
    """The certificate data are there; the desk types what no source holds; the entry is confirmed by another."""
    numbers = taken_in(there, "甲野　花子", DESK, {"who-address": "架空県模擬町本通２番地３"})
    cases = there.cases(numbers)
    assert set(cases) == set(DESK)
    case = there.approve(cases["move-in"])
    clerk = there.browser("counter")
    shown = there.get(f"/entries/move_in?case={case.pk}")
    print({k: v for k, v in fields(shown).items() if k.startswith(("people", "place"))})
    draft = entered(clerk, shown, **HOME)
    there.decide(draft)
    with wall.within(OTHER_TOWN):
        rows = ResidentRecord.objects.filter(name__in=NAMES, status="1")
        print(list(rows.values_list("name", "relationship", "address_block", "event_on")))
        print(Case.objects.get(pk=case.pk).state, Received.objects.filter(closed_because="").count())


@apart
def _settled(there: Office) -> None:
    with wall.within(OTHER_TOWN):
        head = ResidentRecord.objects.select_related("addressee").get(name="甲野　花子").addressee
        cases = list(Case.objects.exclude(procedure="move-in"))
    for case in cases:
        there.pressed(f"/cases/{case.pk}", f"/cases/{case.pk}/outcome/person", number=head.number)
        print(case.procedure, there.approve(case).state)
    deliver()
    with wall.within(OTHER_TOWN):
        print([(o.case.procedure, o.kind, o.reference, o.sentence) for c in cases for o in c.outcomes.all()])
        print(list(Entitlement.objects.filter(recorded__endswith__isnull=True).values_list("kind", "about__name", "state", "cause", "valid")))
