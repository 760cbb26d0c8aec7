"""A child is born, and somebody dies: what the family and the office do about it (出生・死亡の物語の試験; issue 7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import TOWN
from municipal.applicants.models import Card, Delegation
from municipal.applicants.tests.holding import card_of, resident
from municipal.applications.models import FollowUp
from municipal.applications.tests.bundled import a_family
from municipal.applications.tests.filling import submitted
from municipal.applications.tests.applying import lets_act
from municipal.core import clock
from municipal.entitlements.models import Cause, Entitlement, State
from municipal.entitlements.tests.acting import granted
from municipal.entitlements.tests.test_files import file_of, line
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord

from .browsing import Town
from .entering import entered, newest, opened
from .living import CHIEF, Office, Phone, apart, deliver, draft_of, taken_in

pytestmark = pytest.mark.browser
BORN = {
    "stage": "born", "babies_born": "1", "has_child_allowance": "no", "is_public_servant": "no",
    "baby_joins_nhi": "no", "wants_nursery": "no",
}  # fmt: skip
CHILD = {"given_name": "夏", "given_name_kana": "ナツ", "sex": "female"}


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


@apart
def the_family() -> tuple[Card, Card, str]:
    """花子 and 一郎 with 春, each of the parents with a card; the number of 一郎."""
    with wall.within(TOWN):
        mother, father, _child = a_family()
        return card_of(mother.addressee), card_of(father.addressee), father.addressee.number


def test_a_child_is_born_and_one_parent_is_paid(page: Any, served: Town) -> None:
    mother, father, _number = the_family()
    phone, office = Phone(page, served), Office()
    phone.sign_in(mother, f"/events/{TOWN}/birth")
    numbers = phone.hand_in("birth", mother, BORN | {"on": ago(3)}, CHILD)
    print(numbers)
    entered_and_paid(office, numbers)
    phone.sign_out()
    phone.said.clear()
    his = phone.apply("child-allowance", father, {})
    refused(office, his)
    phone.go(f"/apply/{TOWN}/cases/{his}")
    phone.go(f"/me/{TOWN}")
    # He reads that his own claim was rejected, and neither by whom else there is a claim nor where.
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
    print({code: office.approve(case).state for code, case in cases.items()})
    with wall.within(TOWN):
        held = Entitlement.objects.get(about=child.addressee, kind="child-allowance", recorded__endswith__isnull=True)
        assert (held.person.name, held.state, held.amount_yen) == ("甲野　花子", State.GRANTED, None)
    data = file_of(line(case=cases["child-allowance"].number, kind="child-allowance", yen="15000"))
    given = office.post("/entitlements/files", {"file": SimpleUploadedFile("支給額.csv", data)})
    where = given.request["PATH_INFO"]
    print(where)
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
    office._see_differences(office.case(number), "counter")
    shown = office.step(case, "propose")
    assert "すでに手続中・認定済みの請求があります。" in shown.content.decode()
    assert office.case(number).state == "substance_check"
    office.step(case, "send_back", fields=["account"], reason="生計を主に支えている方からの請求ではありません。")


def test_somebody_dies_and_what_was_theirs_ends(page: Any, served: Town) -> None:
    mother, _father, number = the_family()
    phone, office = Phone(page, served), Office()
    held_by(number)
    phone.sign_in(mother, f"/events/{TOWN}/death")
    answers = {"on": ago(3), "learned_on": ago(3), "was_head_of_household": "no", "has_care_insurance": "yes", "has_seal": "yes"}
    numbers = phone.hand_in("death", mother, answers | {"deceased": deceased(phone)}, {})
    print(numbers)
    died(office, number, numbers)
    assert phone.faults == []


def deceased(phone: Phone) -> str:
    """The reference under which the page offers 一郎."""
    return str(phone.page.locator("label", has_text="甲野　一郎").locator("input").get_attribute("value"))


@apart
def held_by(number: str) -> None:
    """一郎 is insured, acts for a neighbour, and let his wife act for him."""
    with wall.within(TOWN):
        father = newest(number).addressee
        granted(father, kind="nhi", procedure="nhi-join", name="国民健康保険の資格", first=clock.today() - timedelta(days=60))
        neighbour = resident(name="乙野　介", resident_code="99900000037").addressee


@apart
def died(office: Office, number: str, numbers: list[str]) -> None:
    clerk = office.browser("counter")
    office.decide(entered(clerk, opened(clerk, "death", person=number), event_on=ago(3)))
    for code, case in office.cases(numbers).items():
        print(code, office.approve(case).state)
    deliver()
    with wall.within(TOWN):
        rows = Entitlement.objects.filter(about__number=number, recorded__endswith__isnull=True)
        print(list(rows.values_list("kind", "state", "cause", "valid")))
        print(list(FollowUp.objects.values_list("procedure", "case__state")))
        print(list(Delegation.objects.values_list("ended_because")))
