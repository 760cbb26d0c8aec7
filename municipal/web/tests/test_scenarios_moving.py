"""A family moves out of one town and into the other, from the phone to both registers (引越しの物語の試験; issue 7)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import card_of
from municipal.applications.models import Case, FollowUp
from municipal.applications.tests.bundled import a_family
from municipal.audit.models import Entry, Kind
from municipal.core import clock
from municipal.entitlements.models import Cause, Entitlement, State
from municipal.entitlements.tests.acting import allowance, granted
from municipal.municipalities import wall
from municipal.residents.models import Received, ReceivedKind, ResidentRecord
from municipal.residents.received import waiting

from .browsing import Town
from .entering import entered, fields
from .living import Phone, apart
from .offices import CLERK, Office, draft_of, taken_in

pytestmark = pytest.mark.browser
NAMES = {"甲野　花子", "甲野　一郎", "甲野　春"}
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
            since = clock.today() - timedelta(days=60)
            granted(one.addressee, kind="nhi", procedure="nhi-join", name="国民健康保険の資格", first=since)
        return card_of(mother.addressee)


def test_a_family_moves_from_one_town_to_the_other(page: Any, served: Town) -> None:
    card, here, there = a_home(), Office(), Office(OTHER_TOWN)
    phone, day = Phone(page, served), clock.today() - timedelta(days=1)
    phone.language = "ko"
    phone.sign_in(card, f"/events/{TOWN}/moving?lang=ko")
    answers = {"way": "out", "on": day.isoformat(), "movers": "*"}
    answers |= dict.fromkeys(("has_child_allowance", "uses_water", "has_seal"), "yes")
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
    assert all(here.approve(one).state in ("approved", "done") for one in cases.values())
    with wall.within(TOWN):
        states = dict(Case.objects.filter(number__in=numbers).values_list("procedure", "state"))
        assert [states[code] for code in ("move-out", "nhi-loss", "child-allowance-end")] == ["done"] * 3
        begun = dict(FollowUp.objects.values_list("procedure", "is_certain"))
        assert begun == {"seal-cancel": True, "child-medical-return": True, "nhi-refund": False}
        held = Entitlement.objects.filter(recorded__endswith__isnull=True, about__name__in=NAMES)
        assert {one.about.name for one in held if one.kind == "nhi"} == NAMES
        assert {(one.state, one.cause) for one in held} == {(State.ENDED, Cause.MOVED_OUT)}
        assert _now_in("2") == NAMES


def _now_in(status: str) -> set[str]:
    """Who of the family stands in the register with this status last."""
    rows = ResidentRecord.objects.filter(name__in=NAMES).order_by("addressee", "-serial").distinct("addressee")
    return {row.name for row in rows if row.status == status}


@apart
def _arrived(there: Office) -> None:
    """The certificate data are there; the desk types what no source holds; the entry is confirmed by another."""
    said = {"who-address": "架空県模擬町本通２番地３", "cause": "moved_in"}
    numbers = taken_in(there, "甲野　花子", DESK, said)
    cases = there.cases(numbers)
    assert set(cases) == set(DESK)
    case = there.approve(cases["move-in"])
    link = re.search(rf"/entries/\w+\?case={case.pk}", there.get(f"/cases/{case.pk}").content.decode())
    assert link is not None
    shown = there.get(link[0])
    assert [fields(shown)[f"people-{at}-given_name"] for at in range(3)] == [["花子"], ["一郎"], ["春"]]
    assert (fields(shown)["place-block"], fields(shown)["place-lot"]) == (["本通"], ["２番地３"])
    there.decide(entered(there.browser(CLERK), shown))
    with wall.within(OTHER_TOWN):
        assert _now_in("1") == NAMES
        assert Case.objects.get(pk=case.pk).state == "done"
        assert not waiting(ReceivedKind.MOVE_OUT.value).exists()


@apart
def _settled(there: Office) -> None:
    """Whose claims were taken in before anybody knew them is noted; then they are decided as any other."""
    with wall.within(OTHER_TOWN):
        head = ResidentRecord.objects.select_related("addressee").get(name="甲野　花子").addressee
        cases = {case.procedure: case for case in Case.objects.exclude(procedure="move-in")}
    for code in ("nhi-join", "child-allowance"):
        where = f"/cases/{cases[code].pk}"
        there.pressed(where, f"{where}/outcome/person", number=head.number)
    decided = {code: there.approve(case) for code, case in cases.items()}
    assert decided["child-allowance"].state == "done"
    there.decide(draft_of(there, decided["nhi-join"]))
    with wall.within(OTHER_TOWN):
        held = Entitlement.objects.filter(recorded__endswith__isnull=True, state=State.GRANTED)
        day = clock.today() - timedelta(days=1)
        assert {(one.about.name, one.starts_on) for one in held.filter(kind="nhi")} == {(name, day) for name in NAMES}
        (allowance_now,) = held.filter(kind="child-allowance")
        assert (allowance_now.person.name, allowance_now.about.name) == ("甲野　花子", "甲野　春")
        assert Case.objects.get(procedure="nhi-join").state == "done"
        assert {code for code in ("school-transfer", "dog-registration") if decided[code].state != "approved"} == set()
    with wall.within(TOWN):
        # The former town knows that they arrived, and the desk of the new one was shown whom it took in.
        assert waiting(ReceivedKind.ARRIVAL.value).count() > 0
        assert Entry.objects.filter(kind=Kind.DISCLOSURE, act="applications.view").exists()
