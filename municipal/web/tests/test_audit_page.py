"""The audit page: its filter, its pages, and what it says of itself (操作の記録の画面の試験)."""

import re

import pytest
from django.test import Client

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.identity.models import Staff
from municipal.identity.tests.people import browser_of
from municipal.municipalities import wall


@pytest.fixture
def auditor(two_towns: str) -> Client:
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name="auditor")
    return browser_of(staff)


def last() -> Entry:
    with wall.within(TOWN):
        found = Entry.objects.order_by("-seq").first()
    assert found is not None
    return found


def listed(client: Client, **conditions: str) -> list[Entry]:
    """The entries behind the rows of the page with these conditions."""
    numbers = [row["number"] for row in client.get("/audit", conditions).context["entries"]]
    with wall.within(TOWN):
        return list(Entry.objects.filter(seq__in=numbers))


def test_reading_the_audit_stands_in_the_audit(auditor: Client) -> None:
    auditor.get("/residents", {"q": "庚森"})
    auditor.get("/audit")
    seen = last()
    assert (seen.act, seen.kind, seen.fields) == ("audit.view", "disclosure", ["audit"])
    assert len(seen.subjects) >= 5


def test_day_person_and_act_narrow_the_list(auditor: Client) -> None:
    auditor.get("/residents", {"q": "庚森"})
    auditor.get("/audit")
    today = wareki(clock.today())
    assert {entry.act for entry in listed(auditor, act="audit.view")} == {"audit.view"}
    assert {entry.act for entry in listed(auditor, on=today, staff="auditor")} == {"disclose", "audit.view"}
    assert listed(auditor, staff="nobody") == []
    assert listed(auditor, on="S50.1.1") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on", "R5.2.30"), ("on", "あ" * 10_000), ("on", "\0"), ("on", "-1"), ("on", "9" * 400),
        ("staff", "x" * 10_000), ("staff", "\0"), ("act", "audit.nonsense"), ("act", "\u202e"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_is_refused_beside_its_field(auditor: Client, name: str, value: str) -> None:
    answer = auditor.get("/audit", {name: value})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors[name]) == 1
    assert answer.context["entries"] == []


@pytest.mark.parametrize("page", ["0", "-1", "zzz", "9" * 5000, "\0", "%ED%A0%80"])
def test_a_page_that_does_not_exist_is_another_page(auditor: Client, page: str) -> None:
    assert auditor.get("/audit", {"page": page}).status_code == 200


def test_every_link_and_form_of_the_page_after_a_check_can_be_followed(auditor: Client) -> None:
    for _ in range(51):
        auditor.get("/residents", {"q": "庚森"})
    answer = auditor.post("/audit/verify")
    assert answer.context["verification"]["is_sound"]
    page = answer.content.decode()
    targets = set(re.findall(r'rel="next" href="([^"]+)"', page)) | set(
        re.findall(r'method="get" action="([^"]+)"', page)
    )
    assert targets == {"/audit", "/audit?page=2"}
    assert {auditor.get(target).status_code for target in targets} == {200}


def test_a_check_is_recorded_with_what_it_found(auditor: Client) -> None:
    auditor.post("/audit/verify")
    with wall.within(TOWN):
        assert Entry.objects.filter(act="audit.verify", code="").count() == 1
