"""The certificate of damage to a home: degree first, number, suppression, forgetting (罹災証明書の試験).

Basic Act on Disaster Management, article 90-2 (unverified); issue 7, sections 2 and 4.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from municipal.addressees.operations import protect
from municipal.applications.models import Case, DamageCertificate
from municipal.applications.operations import APPLICANT, take_step
from municipal.applications.operations.carrying_out import standing
from municipal.applications.operations.findings import find
from municipal.applications.operations.results import has_result, result
from municipal.applications.outcomes.damage import write
from municipal.applications.rules.findings import DEGREES
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import ACTS_ON

from .acting import CHIEF, CLERK, stepped
from .carrying import about, somebody
from .test_paper import words

PLACE = "架空県架空市梅町３番地７"
SAID = {"degree": "medium", "disaster": "令和8年5月の大雨", "disaster_on": "2026-05-12"}


@pytest.fixture(autouse=True)
def may(town: int) -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


def asked_for(who: Any) -> Case:
    return stepped(about("disaster-certificate", who, {"place": PLACE, "contact": "000"}), "accept", "pass_form")


def found(case: Case, **said: str) -> None:
    find(actor=CLERK, case=case.pk, seen=case.events.count(), values=SAID | said)


def certified(who: Any) -> Case:
    case = asked_for(who)
    found(case)
    return stepped(stepped(case, "propose"), "approve", actor=CHIEF)


def refusal(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(**said)
    return caught.value.code


def printed(case: Case, *, is_sample: bool = False) -> str:
    file = BytesIO()
    write(file, DamageCertificate.objects.get(case=case), is_sample=is_sample)
    return "".join(words(file).split())


def test_nothing_is_proposed_before_somebody_said_how_bad_it_is() -> None:
    case = asked_for(somebody())
    seen = case.events.count()
    assert refusal(take_step, actor=CLERK, case=case.pk, seen=seen, action="propose") == "nothing_found"
    for bad in (
        {"degree": "worst"}, {"degree": ""}, {"disaster": " "}, {"disaster": "あ" * 101}, {"disaster": "大\x00雨"},
        {"disaster_on": "2026-05-21"}, {"disaster_on": "昨日"},
    ):  # fmt: skip
        with pytest.raises(Refused):
            found(case, **bad)
    assert not case.findings.exists()
    found(case)
    found(case, degree="half")
    case = stepped(case, "propose")
    with pytest.raises(Refused):
        found(case, degree="total")
    case = stepped(case, "approve", actor=CHIEF)
    assert DEGREES["half"] in printed(case)


def test_the_certificate_says_degree_cause_place_and_that_nobody_verified_its_form() -> None:
    case = certified(somebody())
    made = DamageCertificate.objects.get(case=case)
    assert (case.state, case.outcomes.get().reference) == ("approved", made.pk)
    said = printed(case)
    for wanted in (
        "罹災証明書（様式未確認）", made.number, "中規模半壊", "令和8年5月の大雨", "令和8年5月12日", PLACE, "未確認",
        "甲野太郎", case.number,
    ):  # fmt: skip
        assert wanted in said, wanted
    assert stepped(case, "carry_out").state == "done"
    assert DamageCertificate.objects.count() == 1


def test_what_the_applicant_takes_is_a_specimen_without_number_and_address() -> None:
    case = certified(somebody())
    assert has_result(case, standing(case))
    said = "".join(words(BytesIO(result(actor=APPLICANT, case=case))).split())
    made = DamageCertificate.objects.get(case=case)
    assert "見本" in said
    assert "中規模半壊" in said
    assert made.number not in said
    assert "松町" in printed(case)
    assert "松町" not in said


def test_no_paper_tells_where_a_protected_person_lives() -> None:
    """The damaged home is where they live: neither it nor the address is printed (支援措置)."""
    who = somebody()
    case = certified(who)
    protect(actor=CLERK, addressee=who.addressee, starts_on=ACTS_ON.date(), ends_on=ACTS_ON.date().replace(year=2027),
            is_own=True)  # fmt: skip
    for said in (printed(case), printed(case, is_sample=True)):
        assert "梅町" not in said
        assert "松町" not in said
        assert "中規模半壊" in said


def test_of_somebody_whom_the_register_does_not_know_nothing_is_certified() -> None:
    case = asked_for(None)
    found(case)
    case = stepped(stepped(case, "propose"), "approve", actor=CHIEF)
    assert (case.outcomes.get().kind, DamageCertificate.objects.count()) == ("obstacle", 0)
