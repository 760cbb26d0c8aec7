"""Offices, terminals, certifying officers (入力場所・認証者の試験)."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.places import finding
from municipal.places.models import (
    CertifyingOfficer,
    InputPlace,
    Terminal,
)
from municipal.places.operations import (
    end_entry,
    put_officer,
    put_place,
    put_terminal,
)

HERE = Path(__file__).parent
TODAY = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
SINCE = date(2020, 4, 1)
AOBA = "99001010001"


@pytest.mark.clause("resident-record/1.0#1.3.1/m1", "resident-record/1.0#1.3.1/m2")
def test_offices_wards_and_terminals_are_registered(furnished: int) -> None:
    ward = InputPlace(code="W1", name="中央区役所", kind="ward", ward_code="990019000001")
    put_place(actor=CLERK, entry=ward, valid_from=SINCE)
    terminal = Terminal(code="T9", name="区窓口9番", place_code="W1", address="10.1.2.3")
    put_terminal(actor=CLERK, entry=terminal, valid_from=SINCE)
    found = finding.terminal_at("10.1.2.3")
    assert found is not None
    assert (found.name, found.place_code) == ("区窓口9番", "W1")
    assert finding.terminal_at("10.1.2.4") is None
    assert finding.terminal_at(None) is None
    with pytest.raises(Refused) as refused:
        put_terminal(actor=CLERK, entry=Terminal(code="T8", name="迷子", place_code="Z"), valid_from=SINCE)
    assert refused.value.field == "place_code"


@pytest.mark.clause("resident-record/1.0#1.3.9/m1", "resident-record/1.0#1.3.9/m2", "resident-record/1.0#1.3.9/m3")
def test_whoever_acts_for_the_mayor_certifies_during_that_period_only(furnished: int) -> None:
    acting = CertifyingOfficer(seat="acting", title="架空市長職務代理者　副市長", name="架空　次郎")
    put_officer(actor=CLERK, entry=acting, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 11))
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 11)]
    assert [finding.certifying_officer(day).seat for day in days] == ["head", "acting", "acting", "head"]
    for seat, name in (("head", "区長　一"), ("acting", "代理　一")):
        entry = CertifyingOfficer(seat=seat, ward_code="990019000001", title="区長", name=name)
        until = date(2026, 12, 11) if seat == "acting" else None
        put_officer(actor=CLERK, entry=entry, valid_from=date(2026, 12, 1), valid_until=until)
    assert finding.certifying_officer(date(2026, 12, 5), ward_code="990019000001").name == "代理　一"
    assert finding.certifying_officer(date(2026, 12, 11), ward_code="990019000001").name == "区長　一"


@pytest.mark.clause("resident-record/1.0#1.3.9/n1")
@pytest.mark.parametrize(("title", "name"), [("架空市長", ""), ("架空市長", "　"), ("", "架空　首一")])
def test_nobody_certifies_without_a_name(furnished: int, title: str, name: str) -> None:
    with pytest.raises(Refused) as refused:
        entry = CertifyingOfficer(seat="acting", title=title, name=name)
        put_officer(actor=CLERK, entry=entry, valid_from=SINCE)
    assert refused.value.code == "officer_has_title_and_name"


@pytest.mark.clause("resident-record/1.0#1.3.9/n1")
def test_the_database_itself_refuses_an_officer_without_a_name(furnished: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CertifyingOfficer.objects.create(
            seat="acting", title="長", name="", valid=(SINCE, None), recorded=(clock.now(), None)
        )


def test_a_day_without_any_officer_is_refused(town: int) -> None:
    with pytest.raises(Refused) as refused:
        finding.certifying_officer(date(2026, 11, 20))
    assert refused.value.code == "no_certifying_officer"


def test_an_entry_ends_and_its_code_may_be_used_again(furnished: int) -> None:
    one = InputPlace.objects.known().get(code="02")
    end_entry(actor=CLERK, entry=one, ends_on=date(2026, 12, 1))
    assert not InputPlace.objects.on(date(2026, 12, 1)).filter(code="02").exists()
    assert InputPlace.objects.on(date(2026, 11, 30)).filter(code="02").exists()
    put_place(actor=CLERK, entry=InputPlace(code="02", name="新支所", kind="branch"), valid_from=date(2026, 12, 1))
    with pytest.raises(Refused) as refused:
        end_entry(actor=CLERK, entry=InputPlace.objects.on(SINCE).get(code="02"), ends_on=date(2010, 1, 1))
    assert refused.value.code == "outside_validity"


def test_a_period_that_ends_before_it_begins_is_refused(furnished: int) -> None:
    with pytest.raises(Refused) as refused:
        put_place(actor=CLERK, entry=InputPlace(code="9", name="逆", kind="main"), valid_from=SINCE, valid_until=SINCE)
    assert refused.value.field == "valid_until"
