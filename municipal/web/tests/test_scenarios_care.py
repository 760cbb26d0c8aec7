"""A care manager renews the certifications of twenty clients, one of whom dies (ケアマネジャーの物語; issue 7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.applicants.models import Card, Delegation
from municipal.applicants.rules import Kind
from municipal.applicants.tests.holding import resident
from municipal.applications.models import Case
from municipal.applications.tests.applying import lets_act, somebody
from municipal.applications.tests.filling import carded, submitted
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.entitlements.models import Entitlement, State
from municipal.municipalities import wall

from .browsing import Town
from .entering import entered, opened
from .living import Phone, apart
from .offices import CLERK, Office

pytestmark = pytest.mark.browser
CLIENTS, RENEWAL, MOST_PRESSES = 20, "care-certification", 10


@apart
def a_manager() -> tuple[Card, list[int]]:
    """乙野介 with a card, and twenty old people who let them act; the numbers of the delegations."""
    with wall.within(TOWN):
        account, card = somebody(name="乙野　介")
        made = []
        for at in range(CLIENTS):
            born = {"born_on": RegisterDate(1940, 1, 1 + at), "resident_code": f"999001{at:05}"}
            client = resident(name=f"丙山　{at:02}", **born).addressee
            made.append(lets_act(client, account, kind=Kind.CARE_MANAGER).pk)
        return card, made


def test_a_care_manager_renews_for_twenty_clients(page: Any, served: Town) -> None:
    card, delegations = a_manager()
    phone, office = Phone(page, served), Office()
    phone.sign_in(card, f"/me/{TOWN}")
    assert phone.page.locator(f"a[href*='/me/{TOWN}/people/']").count() == CLIENTS
    phone.go(f"/me/{TOWN}/people/{delegations[0]}")
    before = phone.presses
    phone.press(f"a[href*='/{RENEWAL}?about={delegations[0]}']")
    number = phone.applied({"request": "renew"}, card)
    assert phone.presses - before <= MOST_PRESSES
    the_others(card, delegations[1:])
    granted_and_dead(office, number)
    phone.go(f"/me/{TOWN}")
    assert "丙山　00" not in phone.page.inner_text("main")
    assert phone.page.locator(f"a[href*='/me/{TOWN}/people/']").count() == CLIENTS - 1
    # Access ends with the death: the person, and the case that was handed in for them.
    assert phone.status(f"/me/{TOWN}/people/{delegations[0]}") == 404
    assert phone.status(f"/apply/{TOWN}/cases/{number}") == 403
    assert phone.status(f"/me/{TOWN}/people/{delegations[1]}") == 200
    assert phone.faults == []


@apart
def the_others(card: Card, delegations: list[int]) -> None:
    """The same with each of the others, one after the other."""
    browser = Client()
    carded(browser, card)
    for one in delegations:
        submitted(browser, RENEWAL, about=str(one))
    with wall.within(TOWN):
        cases = list(Case.objects.filter(procedure=RENEWAL).select_related("about"))
        assert len({case.about_id for case in cases}) == len(cases) == CLIENTS
        assert all(case.signature for case in cases)


@apart
def granted_and_dead(office: Office, number: str) -> None:
    """The first is certified, then dies: the entitlement ends, and so does the delegation."""
    case = office.approve(office.case(number))
    assert case.state == "done"
    assert case.about is not None
    day = (clock.today() - timedelta(days=0)).isoformat()
    office.decide(entered(office.browser(CLERK), opened(office.browser(CLERK), "death", person=case.about.number),
                          event_on=day))  # fmt: skip
    with wall.within(TOWN):
        one = Entitlement.objects.get(decided_in=number, recorded__endswith__isnull=True)
        assert (one.about_id, one.state) == (case.about_id, State.ENDED)
        assert Delegation.objects.get(principal=case.about_id).ended_because == "dead"
        assert Delegation.objects.filter(ended_at=None).count() == CLIENTS - 1
