"""What is forgotten of an application, when, and what never is (申請の匿名化の試験; retention per outcome)."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction

from conftest import TOWN
from municipal.applications.forgetting import forget_what_is_over
from municipal.applications.keeping import DISPUTE, MONEY, RUNNING, holds_of, kept_until, period_of
from municipal.applications.models import Attachment, Bundle, Case, Draft, Reception
from municipal.applications.operations import APPLICANT, attach, submit, withdraw
from municipal.applications.operations.keeping import (
    forget,
    forget_drafts,
    hold,
    lift_hold,
    set_period,
)
from municipal.applications.operations.messaging import mark_read, write
from municipal.applications.operations.submitting import case_of
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.operations.ending import end
from municipal.entitlements.tests.acting import granted, home

from .acting import CLERK, a_case, a_draft, stepped
from .filling import picture
from .receiving import answered, handed_in, newcomers
from .test_fees import paid, payable, waste

OLD = datetime(2020, 5, 1, 12, tzinfo=clock.TOKYO)
LATER = datetime(2030, 5, 1, 12, tzinfo=clock.TOKYO)
PRIVATE = "甲野さんの事情"


@pytest.fixture
def old(town: int) -> Iterator[Case]:
    """Refused in May 2020 with everything that a case can hold; it is May 2030."""
    with clock.stopped_at(OLD):
        made = a_draft("nursery-status", {"is_unchanged": True})
        attach(actor=APPLICANT, to=made.draft, field="you", name="写真.png", content=picture())
        case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
        write(actor=CLERK, case=case.pk, text=PRIVATE)
        mark_read(actor=CLERK, case=case, through=1)
        case = stepped(stepped(case, "accept"), "refuse_form", reason=PRIVATE)
    with clock.stopped_at(LATER):
        yield case


def tried(case: Case, **change: Any) -> str:
    """What the database says to a change of a case."""
    with pytest.raises(Error) as said, transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)
    return str(said.value)


EMPTY: dict[str, Any] = {
    "applicant": {}, "answers": {}, "people": {}, "filled": {}, "signature": {}, "account": None, "about": None,
    "code_digest": "",
}  # fmt: skip


def test_the_database_lets_a_case_that_is_over_be_forgotten_and_nothing_else(old: Case) -> None:
    changes: list[dict[str, Any]] = [{"answers": {}}, {"state": "submitted"}, {"changed_at": LATER}, {"applicant": {}}]
    for change in changes:
        assert "What is over stays" in tried(old, **change), change
    now = {"forgotten_at": LATER}
    assert "forgotten as a whole" in tried(old, **now)
    for left in EMPTY:
        if getattr(old, left) not in (None, {}, ""):
            rest = {one: said for one, said in EMPTY.items() if one != left}
            assert "forgotten as a whole" in tried(old, **rest, **now), left
    assert "forgotten as a whole" in tried(old, **EMPTY, **now, due_on=date(2031, 1, 1))
    open_case = a_case("nursery-status", {"is_unchanged": True})
    assert "Only what is over" in tried(open_case, **EMPTY, **now)
    forget(actor=CLERK, case=old.pk, takes_unverified=True)
    assert "stays forgotten" in tried(old, forgotten_at=None)


def test_rows_of_a_case_go_only_when_it_is_forgotten(old: Case) -> None:
    for rows in (old.messages, old.marks):
        with pytest.raises(Error, match="stay as long as their case"), transaction.atomic():
            rows.all().delete()
    for change in ({"reason": ""}, {"before": {"a": 1}}):
        with pytest.raises(Error, match="only grow"), transaction.atomic():
            old.events.update(**change)
    forget(actor=CLERK, case=old.pk, takes_unverified=True)
    with pytest.raises(Error, match="only grow"), transaction.atomic():
        old.events.update(reason=PRIVATE)


def test_nothing_of_anybody_is_left_and_the_figures_stay(old: Case) -> None:
    kept = ("number", "procedure", "submitted_at", "changed_at", "state", "channel")
    before = {name: getattr(old, name) for name in kept}
    assert forget(actor=CLERK, case=old.pk, takes_unverified=True)
    assert not forget(actor=CLERK, case=old.pk, takes_unverified=True), "done again it is nothing new"
    old.refresh_from_db()
    assert {name: getattr(old, name) for name in before} == before
    assert {name: getattr(old, name) for name in EMPTY} == EMPTY
    assert [old.messages.count(), old.marks.count(), Attachment.objects.count(), Draft.objects.count()] == [0, 0, 0, 0]
    assert [(one.action, one.reason) for one in old.events.order_by("number")] == [
        ("submit", ""), ("accept", ""), ("refuse_form", ""),
    ]  # fmt: skip
    with pytest.raises(Refused):
        case_of(old.number, "")


def test_years_count_from_the_fiscal_year_after_the_end(old: Case) -> None:
    assert kept_until(old) == date(2022, 4, 1), "one year for what was refused as faulty"
    with clock.stopped_at(datetime(2022, 3, 31, 23, tzinfo=clock.TOKYO)), pytest.raises(Refused):
        forget(actor=CLERK, case=old.pk, takes_unverified=True)
    set_period(actor=CLERK, outcome="error", years=3)
    assert (kept_until(old), period_of(old).is_verified) == (date(2024, 4, 1), True)


@pytest.mark.parametrize(("outcome", "years"), [("error", 0), ("error", 101), ("submitted", 5), ("", 5)])
def test_bad_periods_are_refused(town: int, outcome: str, years: int) -> None:
    with pytest.raises(Refused):
        set_period(actor=CLERK, outcome=outcome, years=years)


def test_a_period_that_nobody_verified_deletes_nothing_in_a_real_town(old: Case) -> None:
    with pytest.raises(Refused):
        forget(actor=CLERK, case=old.pk)
    found = forget_what_is_over(actor=CLERK, takes_unverified=False, is_dry=False)
    assert found == {"unverified": 1}
    set_period(actor=CLERK, outcome="error", years=5)
    assert forget_what_is_over(actor=CLERK, takes_unverified=False, is_dry=True) == {"forgotten": 1}
    assert Case.objects.filter(forgotten_at=None).count() == 1, "only counted"
    assert forget_what_is_over(actor=CLERK, takes_unverified=False, is_dry=False) == {"forgotten": 1}


def test_a_dispute_an_entitlement_and_open_money_keep_a_case(old: Case) -> None:
    hold(actor=CLERK, case=old.pk, reason="審査請求")
    with pytest.raises(Refused, match="すでに"), transaction.atomic():
        hold(actor=CLERK, case=old.pk, reason="もう一度")
    assert holds_of(old) == [DISPUTE]
    with pytest.raises(Refused):
        forget(actor=CLERK, case=old.pk, takes_unverified=True)
    lift_hold(actor=CLERK, case=old.pk)
    with pytest.raises(Refused):
        lift_hold(actor=CLERK, case=old.pk)
    assert holds_of(old) == []
    one = granted(home(children=0)[0].addressee, decided_in=old.number)
    assert holds_of(old) == [RUNNING]
    end(actor=CLERK, number=one.number, last=date(2027, 1, 1), reason="終了")
    assert holds_of(old) == []
    back = paid(payable(waste(("自転車", 1))))
    withdraw(actor=APPLICANT, case=back.pk, seen=back.events.count())
    assert holds_of(back) == [MONEY]


def test_a_visit_to_the_counter_that_was_broken_off_goes_and_one_that_was_handed_in_stays(town: int) -> None:
    with clock.stopped_at(OLD):
        newcomers("move-in")
        kept = newcomers("nursery-status")
        handed_in(answered(kept, {"nursery-status": {"is_unchanged": True}}))
    with clock.stopped_at(LATER):
        forget_drafts(actor=CLERK)
    assert list(Reception.objects.all()) == [kept]
    assert list(Bundle.objects.all()) == [kept.bundle]


def test_drafts_that_nobody_handed_in_go_and_the_command_says_how_many(old: Case) -> None:
    fresh = a_draft("care-plan")
    with clock.stopped_at(OLD):
        a_draft("care-plan")
    said = io.StringIO()
    call_command("forget_applications", town=TOWN, dry_run=True, stdout=said)
    assert said.getvalue() == "forgotten: 1\n"
    assert forget_drafts(actor=CLERK) == 1
    assert Draft.objects.filter(pk=fresh.draft.pk).exists()
    for bad in ("error", "error=x", "error=0", "nothing=5"):
        with pytest.raises(CommandError):
            call_command("forget_applications", town=TOWN, set=[bad], stdout=said)
    call_command("forget_applications", town=TOWN, set=["error=5"], stdout=said)
    assert Case.objects.get(pk=old.pk).forgotten_at == LATER
