"""A protected mother applies: where she lives stands nowhere, for nobody (支援措置の方の物語; issue 7, 6)."""

from datetime import date, timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import SIGNATURE_PIN, card_of, resident
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.entitlements.models import Entitlement
from municipal.municipalities import wall

from .browsing import Town
from .living import Phone, apart
from .marked_town import marked_items
from .marker_search import is_marked, marked_tables
from .marker_search import where as around
from .offices import CHIEF, Office, deliver

pytestmark = pytest.mark.browser
ME = f"/me/{TOWN}"


@apart
def apart_by_law() -> tuple[Card, Card, set[str]]:
    """A mother and her child, both protected, and the other parent elsewhere; each parent has a card."""
    with wall.within(TOWN):
        mother = resident(**marked_items(1), name="癸竹　光", given_name="光", family_name="癸竹")
        home = {"household": mother.household, "is_head": False, **marked_items(2)}
        born = {"born_on": RegisterDate(2019, 5, 5), "resident_code": "99900000029", "relationship": "子"}
        child = resident(**home | born, name="癸竹　星", given_name="星", family_name="癸竹")
        for who, is_own in ((mother, True), (child, False)):
            protect(actor=System(), addressee=who.addressee, starts_on=date(2026, 4, 1), ends_on=None, is_own=is_own)
        father = resident(name="乙野　介", sex="1", resident_code="99900000010")
        return card_of(mother.addressee), card_of(father.addressee), marked_tables()


def test_where_a_protected_person_lives_is_told_to_nobody(page: Any, served: Town) -> None:
    mother, father, before = apart_by_law()
    phone, office = Phone(page, served), Office()
    number = phone.apply("child-allowance", mother, {})
    where = f"/apply/{TOWN}/cases/{number}"
    sent_back(office, number)
    phone.go(where)
    phone.go(f"{where}/correct")
    phone.fill({"sign-number": mother.number, "sign-pin": SIGNATURE_PIN})
    phone.press("main form button.k-button[value=next]")
    files = decided(office, number)
    phone.go(where)
    phone.go(ME)
    files += [phone.file(f"{where}/{name}.pdf") for name in ("notice", "decision")]
    phone.go(f"/events/{TOWN}/moving")
    phone.plan("moving", {"way": "out", "on": clock.today().isoformat()})
    files.append(phone.file("/plan.pdf?".join(phone.page.url.removeprefix(served.url).split("/plan?"))))
    hers = len(phone.said)
    phone.sign_out()
    his = phone.apply("child-allowance", father, {})
    assert phone.status(where) == 302, "to the page that asks for the code"
    assert phone.status(f"{where}/decision.pdf") == 404
    phone.go(f"/events/{TOWN}/moving")
    phone.plan("moving", {"way": "out", "on": clock.today().isoformat(), "movers": "*"})
    learns_nothing(office, his)
    phone.go(ME)
    # The other parent sees neither her, nor the child, nor that there is a claim.
    his_pages = [one.replace(where, "the address that he typed") for one in phone.said[hers:]]
    assert not [word for one in his_pages for word in ("癸竹", number, "認定済み") if word in one]
    assert not [around(one.encode()) for one in (*phone.said, *office.said) if is_marked(one.encode())]
    assert not [at for at, one in enumerate(files) if is_marked(one)]
    assert written_nowhere() == before
    assert phone.faults == []


@apart
def sent_back(office: Office, number: str) -> None:
    case = office.case(number)
    office.step(case, "accept")
    by = (clock.today() + timedelta(days=9)).isoformat()
    office.step(case, "send_back", fields=["lives_apart"], reason="別居の有無を確かめてください。", correct_by=by)
    assert office.case(number).state == "correction"


@apart
def decided(office: Office, number: str) -> list[bytes]:
    """Every page of the staff about the case and the entitlement, and every paper."""
    case = office.approve(office.case(number))
    assert case.state == "done", case.state
    deliver()
    with wall.within(TOWN):
        held = Entitlement.objects.get(decided_in=number)
        assert (held.person.name, held.about.name) == ("癸竹　光", "癸竹　星")
    for login in ("counter", CHIEF):
        for path in (
            "/cases",
            f"/cases/{case.pk}",
            f"/cases/{case.pk}/steps/approve",
            "/entitlements",
            f"/entitlements/{held.number}",
        ):
            office.get(path, login)
    papers = (
        f"/cases/{case.pk}/notice.pdf",
        f"/cases/{case.pk}/decision.pdf",
        f"/entitlements/{held.number}/notice.pdf",
    )
    return [office.get(path).content for path in papers]


@apart
def learns_nothing(office: Office, number: str) -> None:
    """No child of his household is known, so his claim comes to nothing, by the same sentence as for anybody."""
    case = office.case(number)
    office.step(case, "accept")
    office.step(case, "pass_form")
    office.see_differences(office.case(number), "counter")
    shown = office.step(case, "propose")
    assert office.case(number).state == "substance_check"
    assert "対象となる子どもが、台帳の世帯に見つかりません" in shown.content.decode()


@apart
def written_nowhere() -> set[str]:
    with wall.within(TOWN):
        return marked_tables()
