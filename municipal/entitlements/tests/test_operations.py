"""Granting, refusing, ending, saying amounts: what is refused first (受給資格の操作の試験; issue 7, section 6)."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.models import AmountFrom, Cause, Entitlement, Per, State, days
from municipal.entitlements.operations import end, grant, refuse, reopen, set_amount
from municipal.entitlements.operations.following import last_day

from .acting import ALLOWANCE, CARE, CLERK, allowance, day, granted, granting, home, now

pytestmark = pytest.mark.usefixtures("town")


def code_of(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found, transaction.atomic():
        act(actor=CLERK, **said)
    return found.value.code


def test_a_child_has_one_claimant_and_the_other_parent_learns_nothing_of_the_first() -> None:
    mother, father, child, other = (row.addressee for row in home())
    allowance(mother, child)
    wanted = granting(father, child, kind=ALLOWANCE, procedure=ALLOWANCE, first=day("2027-01-01"))
    with pytest.raises(Refused) as said, transaction.atomic():
        grant(actor=CLERK, granting=wanted)
    assert said.value.sentence == "すでに手続中・認定済みの請求があります。"
    assert said.value.values == {}
    assert allowance(father, other).state == State.GRANTED


def test_a_person_has_one_of_a_kind_at_a_time_and_another_when_it_is_over() -> None:
    person = home()[0].addressee
    one = granted(person, last=day("2027-05-31"))
    assert code_of(grant, granting=granting(person, first=day("2027-05-31"))) == "one_entitlement_of_a_kind_at_a_time"
    assert granted(person, first=day("2027-06-01")).number != one.number
    assert granted(person, kind="care-limit", procedure="care-limit").state == State.GRANTED


def test_what_is_paid_once_may_be_decided_again() -> None:
    person = home()[0].addressee
    for at in ("250101-0000-0001", "250101-0000-0002"):
        granted(person, kind="home-modification", procedure="home-modification", lasts=False, decided_in=at)
    assert Entitlement.objects.count() == 2


def test_one_application_entitles_once_however_often_it_is_carried_out() -> None:
    person = home()[0].addressee
    first = granted(person, decided_in="261129-0000-0001")
    assert granted(person, decided_in="261129-0000-0001") == first
    end(actor=CLERK, number=first.number, last=day("2026-12-31"), reason="非該当")
    assert granted(person, decided_in="261129-0000-0001").number == first.number
    assert Entitlement.objects.count() == 2


def test_an_end_before_the_beginning_is_refused() -> None:
    person = home()[0].addressee
    assert code_of(grant, granting=granting(person, last=day("2026-11-09"))) == "backwards"
    one = granted(person, last=day("2027-05-31"))
    assert code_of(end, number=one.number, last=day("2026-11-09"), reason="誤り") == "backwards"
    assert code_of(end, number=one.number, last=day("2027-05-31"), reason="誤り") == "ends_sooner"
    assert code_of(end, number=one.number, last=day("2027-01-31"), reason=" ") == "reason_missing"
    assert code_of(end, number="1", last=day("2027-01-31"), reason="誤り") == "no_entitlement"


def test_an_ending_is_a_version_and_is_taken_back_by_another() -> None:
    person = home()[0].addressee
    one = granted(person)
    ended = end(actor=CLERK, number=one.number, last=day("2027-01-31"), reason="非該当")
    assert (ended.state, ended.ends_on, ended.version) == (State.ENDED, day("2027-01-31"), 2)
    assert code_of(end, number=one.number, last=day("2026-12-31"), reason="非該当") == "not_held"
    assert code_of(reopen, number=one.number, reason="") == "reason_missing"
    again = reopen(actor=CLERK, number=one.number, reason="誤って終了した")
    assert (again.state, again.ends_on, again.cause) == (State.GRANTED, None, Cause.REOPENED)
    assert code_of(reopen, number=one.number, reason="もう一度") == "not_ended"
    assert Entitlement.objects.filter(number=one.number, recorded__endswith__isnull=True).count() == 1


def test_an_ending_stays_where_somebody_else_was_found_entitled_since() -> None:
    mother, father, child = (row.addressee for row in home(children=1))
    one = allowance(mother, child)
    end(actor=CLERK, number=one.number, last=day("2026-12-31"), reason="受給者の変更")
    allowance(father, child, "2027-01-01")
    assert code_of(reopen, number=one.number, reason="誤り") == "one_entitlement_of_a_kind_at_a_time"
    assert now(one).state == State.ENDED


def test_two_clerks_who_saw_the_same_version_do_not_both_change_it() -> None:
    one = granted(home()[0].addressee)
    set_amount(actor=CLERK, number=one.number, yen=1000, per=Per.ONCE, seen=1)
    said: dict[str, Any] = {"number": one.number, "last": day("2027-01-31"), "reason": "非該当"}
    assert code_of(end, **said, seen=1) == "entitlement_changed"
    assert end(actor=CLERK, **said, seen=2).version == 3


def test_an_amount_is_said_by_somebody_and_kept_through_every_version() -> None:
    one = granted(home()[0].addressee)
    assert (one.amount_yen, one.per, one.amount_from) == (None, "", "")
    usual: dict[str, Any] = {"number": one.number, "per": Per.MONTH}
    assert code_of(set_amount, **usual, yen=-1) == "invalid"
    assert code_of(set_amount, **usual, yen=100_000_000) == "invalid"
    assert code_of(set_amount, number=one.number, yen=1, per="year") == "no_such_choice"
    said = set_amount(actor=CLERK, **usual, yen=10_000)
    assert (said.amount_yen, said.amount_from) == (10_000, AmountFrom.CLERK)
    assert set_amount(actor=CLERK, **usual, yen=10_000) == said
    assert end(actor=CLERK, number=one.number, last=day("2027-01-31"), reason="非該当").amount_yen == 10_000


def test_a_refusal_says_why_and_takes_no_days() -> None:
    person = home()[0].addressee
    assert code_of(refuse, granting=granting(person)) == "reason_missing"
    wanted = granting(person, reason="要件に合いません。", decided_in="261129-0000-0001")
    one = refuse(actor=CLERK, granting=wanted)
    assert (one.state, one.valid) == (State.REFUSED, None)
    assert refuse(actor=CLERK, granting=wanted) == one
    assert code_of(set_amount, number=one.number, yen=1, per=Per.ONCE) == "not_granted"
    assert granted(person).state == State.GRANTED


@pytest.mark.parametrize(
    "change", [{"amount_yen": 1}, {"amount_yen": 1, "per": "month"}, {"state": "refused"}, {"valid": None}]
)
def test_the_table_itself_refuses_what_nobody_decided(change: dict[str, Any]) -> None:
    one = granted(home()[0].addressee, kind="home-modification", lasts=False)
    said = {field.attname: getattr(one, field.attname) for field in Entitlement._meta.fields} | change
    del said["id"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Entitlement.objects.create(**said | {"number": "9999", "decided_in": ""})


def test_a_version_is_closed_and_never_changed() -> None:
    one = granted(home()[0].addressee)
    for change in ({"amount_yen": 5, "per": "once", "amount_from": "clerk"}, {"reason": "別の理由"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entitlement.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.delete()


def test_versions_of_one_moment_do_not_fall_together() -> None:
    with clock.stopped_at(datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)):
        one = granted(home()[0].addressee)
        set_amount(actor=CLERK, number=one.number, yen=1, per=Per.ONCE)
        set_amount(actor=CLERK, number=one.number, yen=2, per=Per.ONCE)
    assert [row.amount_yen for row in Entitlement.objects.order_by("version")] == [None, 1, 2]


def test_an_allowance_is_paid_through_the_month_and_a_certification_through_the_day() -> None:
    assert last_day(ALLOWANCE, day("2028-02-10")) == day("2028-02-29")
    assert last_day(CARE, day("2028-02-10")) == day("2028-02-10")
    assert days(day("2026-12-01"), day("2026-11-30")).isempty
