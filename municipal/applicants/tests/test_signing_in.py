"""Sessions of applicants, and which resident they are (申請者のサインインの試験)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from municipal.applicants.facts import Facts, facts_of, the_one
from municipal.applicants.models import Applicant, ApplicantSession
from municipal.applicants.operations import (
    HOLDER,
    REGISTER,
    Opened,
    close_for_the_dead,
    find,
    forget_sessions,
    see,
    sign_in,
    sign_out,
)
from municipal.applicants.rules import search_key
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .holding import NOON, resident

BROUGHT = Facts("甲野　花子", "1985-04-01", "female", "架空県架空市松町１番地")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def _signed_in(facts: Facts = BROUGHT, subject: str = "s1", replacing: str = "") -> Opened:
    return sign_in(actor=HOLDER, issuer="https://id.example", subject=subject, facts=facts, replacing=replacing)


@pytest.fixture
def hanako(town: int) -> ResidentRecord:
    return resident()


def test_the_card_s_holder_is_linked_to_the_one_resident_who_fits(hanako: ResidentRecord) -> None:
    account = _signed_in().session.applicant
    assert account.person_id == hanako.addressee_id
    assert account.is_resident


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "甲野 花子"}, {"name": "甲野花子"}, {"address": "架空県架空市松町1番地"},
        {"address": "架空県 架空市 松町 1番地"},
    ],
)  # fmt: skip
def test_width_and_spaces_are_no_difference(hanako: ResidentRecord, changes: dict[str, str]) -> None:
    assert the_one(replace(BROUGHT, **changes)) == hanako.addressee


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "甲野　花"}, {"born_on": "1985-04-02"}, {"born_on": ""}, {"sex": "male"}, {"sex": ""}, {"address": ""},
        {"address": "架空県架空市松町１１番地"}, {"name": ""},
    ],
)  # fmt: skip
def test_one_item_that_differs_links_nobody_and_says_no_more(hanako: ResidentRecord, changes: dict[str, str]) -> None:
    account = _signed_in(replace(BROUGHT, **changes)).session.applicant
    assert account.person is None
    assert not account.is_resident


def test_a_building_may_be_written_or_not(town: int) -> None:
    found = resident(address_building="松荘１０１")
    for address in ("架空県架空市松町１番地", "架空県架空市松町１番地　松荘１０１"):
        assert the_one(replace(BROUGHT, address=address)) == found.addressee
    assert the_one(replace(BROUGHT, address="架空県架空市松町１番地　竹荘")) is None


def test_a_foreign_resident_is_found_by_the_alias_on_the_card(town: int) -> None:
    found = resident(name="KAKU JANE", roman_name="KAKU JANE", alias="架空　花")
    for name in ("KAKU JANE", "Kaku Jane", "架空　花"):
        assert the_one(replace(BROUGHT, name=name)) == found.addressee


def test_two_residents_of_the_same_items_are_linked_to_nobody(hanako: ResidentRecord) -> None:
    resident(resident_code="99900000010")
    assert the_one(BROUGHT) is None


@pytest.mark.parametrize("status", ["2", "3", "9"])
def test_who_has_left_or_died_is_no_resident(hanako: ResidentRecord, status: str) -> None:
    enter(hanako, NOON.date(), status=status)
    assert the_one(BROUGHT) is None


def test_a_birth_date_that_is_not_wholly_known_is_compared_as_the_register_has_it(town: int) -> None:
    found = resident(born_on=RegisterDate.entered("昭和12年頃"))
    said = facts_of(found.addressee)
    assert the_one(said) == found.addressee
    assert the_one(replace(said, born_on="1937-01-01")) is None


def test_a_resident_has_one_account_and_the_second_is_told_nothing(hanako: ResidentRecord) -> None:
    _signed_in()
    assert _signed_in(subject="s2").session.applicant.person is None


def test_an_account_stays_linked_after_its_resident_moved(hanako: ResidentRecord) -> None:
    _signed_in()
    enter(hanako, NOON.date(), address_lot="２番地")
    assert _signed_in().session.applicant.person_id == hanako.addressee_id
    assert Applicant.objects.count() == 1


def test_a_key_opens_its_own_session_and_nothing_else_does(hanako: ResidentRecord) -> None:
    opened = _signed_in()
    found = find(opened.key)
    assert found == opened.session
    for key in ("", opened.key[:-1], "990027" + opened.key[6:], opened.key + "x", opened.session.secret_hash):
        assert find(key) is None
    assert opened.key[7:] not in str(ApplicantSession.objects.values())


def test_half_an_hour_without_a_request_ends_it_and_a_request_keeps_it(hanako: ResidentRecord) -> None:
    opened = _signed_in()
    with clock.stopped_at(NOON + timedelta(minutes=29)):
        found = find(opened.key)
        assert found is not None
        see(found)
    with clock.stopped_at(NOON + timedelta(minutes=58)):
        assert find(opened.key) is not None
    with clock.stopped_at(NOON + timedelta(minutes=59)):
        assert find(opened.key) is None


def test_it_ends_after_the_hours_of_a_session_however_busy(hanako: ResidentRecord) -> None:
    opened = _signed_in()
    opened.session.last_seen_at = opened.session.expires_at
    assert not opened.session.is_open(opened.session.expires_at)


def test_signing_out_ends_it_and_forgets_the_name(hanako: ResidentRecord) -> None:
    opened = _signed_in()
    sign_out(actor=opened.session.applicant, session=opened.session)
    assert find(opened.key) is None
    assert ApplicantSession.objects.get().name == ""


def test_signing_in_again_ends_the_browser_s_former_session(hanako: ResidentRecord) -> None:
    first = _signed_in()
    second = _signed_in(replacing=first.key)
    assert (find(first.key), find(second.key)) == (None, second.session)


def test_the_dead_are_let_in_no_more_even_before_the_news_arrives(hanako: ResidentRecord) -> None:
    opened = _signed_in()
    enter(hanako, NOON.date(), status="3")
    assert find(opened.key) is None
    with pytest.raises(Refused, match="窓口"):
        _signed_in()
    close_for_the_dead(actor=REGISTER, people=[hanako.addressee_id])
    assert ApplicantSession.objects.get(pk=opened.session.pk).ended_at == NOON


def test_who_moved_away_keeps_the_account_but_is_no_resident(hanako: ResidentRecord) -> None:
    _signed_in()
    enter(hanako, NOON.date(), status="2")
    assert not _signed_in().session.applicant.is_resident


@pytest.mark.parametrize(("one", "other"), [("１−２", "1-2"), ("Ａ　b", "aB"), ("松町１丁目", "松町 1丁目")])
def test_the_form_for_comparing_is_the_same_for_the_same(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_sessions_are_forgotten_ninety_days_after_their_end_and_not_before(hanako: ResidentRecord) -> None:
    ended, silent = _signed_in(subject="s1").session, _signed_in(subject="s2").session
    sign_out(actor=ended.applicant, session=ended)
    with clock.stopped_at(NOON + timedelta(days=90)):
        assert forget_sessions(actor=REGISTER) == 0
        live = _signed_in(subject="s3").session
    with clock.stopped_at(NOON + timedelta(days=90, hours=20)):
        assert forget_sessions(actor=REGISTER) == 2
        assert list(ApplicantSession.objects.values_list("pk", flat=True)) == [live.pk]
        assert silent.pk != live.pk
        assert forget_sessions(actor=REGISTER) == 0
