"""A child is born, and somebody dies: what the family and the office do about it (出生・死亡の物語の試験; issue 7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.applicants.models import Card, Delegation
from municipal.applicants.tests.holding import card_of, resident
from municipal.applications.bundling.household import household_of
from municipal.applications.models import FollowUp
from municipal.applications.tests.applying import lets_act
from municipal.applications.tests.bundled import a_family, account_of
from municipal.core import clock
from municipal.entitlements.models import Cause, Entitlement, State
from municipal.entitlements.tests.acting import granted
from municipal.entitlements.tests.test_files import file_of, line
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord

from .browsing import Town
from .entering import entered, newest, opened
from .living import Phone, apart
from .offices import CHIEF, CLERK, Office, deliver, draft_of

pytestmark = pytest.mark.browser
BORN = {
    "stage": "born", "babies_born": "1", "has_child_allowance": "no", "is_public_servant": "no",
    "baby_joins_nhi": "no", "wants_nursery": "no",
}  # fmt: skip
CHILD = {"given_name": "夏", "given_name_kana": "ナツ", "sex": "female"}


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


@apart
def the_family() -> tuple[Card, Card, dict[str, str]]:
    """花子 and 一郎 with 春, each of the parents with a card; under which references 花子's pages name them."""
    with wall.within(TOWN):
        mother, father, _child = a_family()
        home = household_of(Addressee.objects.get(pk=mother.addressee_id))
        assert home is not None
        refs = {one.record.name: one.ref for one in home.members}
        return card_of(mother.addressee), card_of(father.addressee), refs


def test_a_child_is_born_and_one_parent_is_paid(page: Any, served: Town) -> None:
    mother, father, refs = the_family()
    phone, office = Phone(page, served), Office()
    phone.sign_in(mother, f"/events/{TOWN}/birth")
    people = {"parents": [refs["甲野　花子"], refs["甲野　一郎"]], "claimant": [refs["甲野　花子"]], "lives": "here"}
    numbers = phone.hand_in("birth", mother, BORN | {"on": ago(3)}, CHILD | people)
    entered_and_paid(office, numbers)
    phone.sign_out()
    phone.said.clear()
    his = phone.apply("child-allowance", father, {})
    refused(office, his)
    phone.go(f"/apply/{TOWN}/cases/{his}")
    phone.go(f"/me/{TOWN}")
    # He reads why his own claim came back, and neither by whom else there is a claim nor where.
    assert "生計を主に" in "".join(phone.said)
    assert not [one for one in phone.said if any(number in one for number in numbers)]
    assert phone.faults == []


@apart
def entered_and_paid(office: Office, numbers: list[str]) -> None:
    """The child is in the register; the mother is entitled, the amount comes from the file of the assessment."""
    cases = office.cases(numbers)
    office.decide(draft_of(office, office.approve(cases["birth"])))
    with wall.within(TOWN):
        child = ResidentRecord.objects.get(name="甲野　夏")
        assert (child.status, child.relationship, str(child.born_on)) == ("1", "子", ago(3))
    assert office.approve(cases["child-allowance"]).state == "done"
    with wall.within(TOWN):
        held = Entitlement.objects.get(about=child.addressee, kind="child-allowance", recorded__endswith__isnull=True)
        assert (held.person.name, held.state, held.amount_yen) == ("甲野　花子", State.GRANTED, None)
    with wall.within(TOWN):
        number, kind = cases["child-allowance"].number, "child-allowance"
        children = Entitlement.objects.filter(decided_in=number).values_list("about__number", flat=True)
        data = file_of(*(line(case=number, kind=kind, about=one, yen="15000") for one in children))
    given = office.post("/entitlements/files", {"file": SimpleUploadedFile("支給額.csv", data)})
    where = given.request["PATH_INFO"]
    office.pressed(where, where, CHIEF)
    with wall.within(TOWN):
        rows = Entitlement.objects.filter(kind="child-allowance", recorded__endswith__isnull=True)
        assert {one.amount_yen for one in rows} == {15_000}


@apart
def refused(office: Office, number: str) -> None:
    """The father's claim cannot be proposed, and nobody says whose the other one is."""
    case = office.case(number)
    office.step(case, "accept")
    office.step(case, "pass_form")
    office.see_differences(office.case(number), "counter")
    shown = office.step(case, "propose")
    assert "すでに手続中・認定済みの請求があります。" in shown.content.decode()
    assert office.case(number).state == "substance_check"
    office.step(case, "send_back", fields=["account"], reason="生計を主に支えている方か、確かめてください。",
                correct_by=(clock.today() + timedelta(days=9)).isoformat())  # fmt: skip


def test_somebody_dies_and_what_was_theirs_ends(page: Any, served: Town) -> None:
    mother, father, refs = the_family()
    phone, office = Phone(page, served), Office()
    number = held_by(father)
    phone.sign_in(mother, f"/events/{TOWN}/death")
    answers = {"on": ago(3), "learned_on": ago(3), "deceased": refs["甲野　一郎"], "has_child_allowance": "no"}
    died(office, number, phone.hand_in("death", mother, answers, {}))
    assert phone.faults == []


@apart
def held_by(card: Card) -> str:
    """一郎 is insured, and acts for a neighbour; his number."""
    since = clock.today() - timedelta(days=60)
    with wall.within(TOWN):
        father = Addressee.objects.get(pk=card.holder_id)
        granted(father, kind="nhi", procedure="nhi-join", name="国民健康保険の資格", first=since)
        neighbour = resident(name="乙野　介", resident_code="99900000037").addressee
        lets_act(neighbour, account_of(father))
        return father.number


@apart
def died(office: Office, number: str, numbers: list[str]) -> None:
    """The death is entered and confirmed; what was handed in is decided; what was his is over."""
    clerk = office.browser(CLERK)
    office.decide(entered(clerk, opened(clerk, "death", person=number), event_on=ago(3)))
    states = {code: office.approve(case).state for code, case in office.cases(numbers).items()}
    assert states["nhi-loss"] == states["nhi-funeral"] == "done"
    deliver()
    assert newest(number).status == "3"
    with wall.within(TOWN):
        one = Entitlement.objects.get(about__number=number, kind="nhi", recorded__endswith__isnull=True)
        assert (one.state, one.cause, str(one.ends_on)) == (State.ENDED, Cause.DIED, ago(3))
        assert Delegation.objects.get().ended_because == "dead"
        # What the office looks at by itself once the loss was decided.
        assert list(FollowUp.objects.values_list("procedure", flat=True)) == ["nhi-refund"]
