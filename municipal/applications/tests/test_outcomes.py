"""Certificates, mandates, moves between two towns: what a decision comes to (決定の実施の試験; section 4)."""

from dataclasses import replace
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.operations import protect
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, take_step
from municipal.applications.operations.carrying_out import enter_for, try_again
from municipal.applications.operations.identifying import identify
from municipal.applications.operations.results import result
from municipal.applications.outcomes.entering import notice_for
from municipal.banking.models import Mandate
from municipal.banking.operations import register_mandate
from municipal.banking.rules import Account
from municipal.certificates.models import CertificateIssue
from municipal.certificates.tests.issuing import ready
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.acts import unconfirmed
from municipal.residents.neighbours import tell_neighbours
from municipal.residents.operations import decide, preview
from municipal.residents.received import waiting
from municipal.residents.tests.acting import ACTS_ON, newest
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF

from .acting import CLERK, stepped
from .carrying import a_family, about, approved, as_said, delivered, draft_of, moving_out, somebody

NEW = "架空県模擬町本通２番地３"


@pytest.fixture(autouse=True)
def may() -> Any:
    with clock.stopped_at(ACTS_ON):
        yield


def code_of(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(**said)
    return found.value.code


def kinds(case: Case) -> list[str]:
    return list(case.outcomes.order_by("pk").values_list("kind", flat=True))


def asking(people: list[Any], receive: str = "electronic_specimen", **said: Any) -> Case:
    """A copy of the record of ``people``, signed for with the card."""
    answers = {
        "subjects": [f"m{index}" for index in range(len(people))], "items": ["relationship"], "copies": 1,
        "receive": receive,
    }  # fmt: skip
    return about("resident-record-copy", people[0], answers | said, *people)


@pytest.fixture
def signed(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the card had signed: the simulated card has tests of its own. The mayor certifies."""
    ready()
    monkeypatch.setattr("municipal.applications.outcomes.persons.identity_of", lambda case: "individual_number_card")
    monkeypatch.setattr(
        "municipal.applications.outcomes.certificates.identity_of", lambda case: "individual_number_card"
    )


# Certificates.


@pytest.mark.usefixtures("town")
def test_nobody_is_given_a_copy_who_was_not_identified() -> None:
    case = approved(asking(a_family()))
    assert (case.state, kinds(case), CertificateIssue.objects.count()) == ("approved", ["obstacle"], 0)


@pytest.mark.usefixtures("signed")
def test_an_electronic_copy_is_a_specimen_and_is_ready_at_once() -> None:
    people = a_family()
    case = approved(asking(people, items=["relationship", "individual_number"], copies=3))
    assert (case.state, kinds(case)) == ("done", ["certificate"])
    made = CertificateIssue.objects.get()
    assert (made.copies_count, made.requester, "個人番号" in made.items, "続柄" in made.items) == (
        1,
        "self",
        False,
        True,
    )
    assert result(actor=APPLICANT, case=case).startswith(b"%PDF")


@pytest.mark.usefixtures("signed")
def test_paper_is_issued_by_who_prints_it_and_not_when_the_ledger_says_paid() -> None:
    case = approved(asking(a_family(), receive="post"))
    assert (case.state, kinds(case)) == ("approved", ["prepared"])
    assert (
        code_of(take_step, actor=CLERK, case=case.pk, seen=case.events.count(), action="carry_out") == "not_carried_out"
    )
    try_again(actor=CLERK, case=case.pk, seen=case.events.count())
    assert kinds(case) == ["prepared", "certificate"]
    assert code_of(try_again, actor=CLERK, case=case.pk, seen=case.events.count()) == "carried_out"
    assert code_of(result, actor=APPLICANT, case=case) == "no_result"
    assert stepped(case, "carry_out").state == "done"
    assert CertificateIssue.objects.count() == 1


@pytest.mark.usefixtures("signed")
def test_a_protected_person_is_stopped_by_the_same_gate_as_at_the_counter() -> None:
    people = a_family()
    protect(actor=System(), addressee=people[0].addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    case = approved(asking(people))
    assert (case.state, kinds(case), CertificateIssue.objects.count()) == ("approved", ["obstacle"], 0)


@pytest.mark.usefixtures("signed")
def test_a_specimen_is_given_out_no_more_once_the_person_is_protected() -> None:
    people = a_family()
    case = approved(asking(people))
    protect(actor=System(), addressee=people[0].addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    with pytest.raises(Refused) as found:
        result(actor=APPLICANT, case=case)
    assert "支援" not in found.value.sentence


@pytest.mark.usefixtures("signed")
def test_a_certificate_of_items_prints_what_was_chosen_and_nothing_else() -> None:
    people = a_family()
    answers = {"subjects": ["m1"], "items": ["name", "born_on"], "copies": 2, "receive": "counter"}
    case = approved(about("record-item-certificate", people[0], answers | {"subjects": ["m1"]}, *people[:2]))
    try_again(actor=CLERK, case=case.pk, seen=case.events.count())
    made = CertificateIssue.objects.get()
    assert (kinds(case), made.kind, made.requester, made.copies_count) == (
        ["prepared", "certificate"],
        "record_items",
        "member",
        2,
    )
    assert set(made.items) & {"氏名", "生年月日", "住所", "性別", "続柄", "個人番号"} == {"氏名", "生年月日"}


# Direct debit.


def debit(who: Any, *items: str, bank: str = "0001") -> Case:
    account = {"bank": bank, "branch": "001", "number": "1234567", "kind": "ordinary", "holder": "コウノ　タロウ"}
    return about("direct-debit", who, {"items": list(items), "account": account})


@pytest.mark.usefixtures("town")
def test_a_request_for_debit_becomes_a_mandate_for_each_bill_or_none_at_all() -> None:
    head = somebody()
    known = Account("0001", "ﾐﾎﾝ", "001", "ﾎﾝﾃﾝ", "1", "7654321", "ｺｳﾉ ﾀﾛｳ")
    first = approved(debit(head, "resident_tax"))
    assert (first.state, kinds(first)) == ("approved", ["obstacle"])
    register_mandate(actor=CLERK, payer=head.addressee, fee="909", account=known, starts_on=clock.today())
    assert try_again(actor=CLERK, case=first.pk, seen=first.events.count()).state == "done"
    case = approved(debit(head, "property_tax", "resident_tax"))
    assert (case.state, kinds(case)) == ("approved", ["obstacle"])
    assert sorted(Mandate.objects.values_list("fee", flat=True)) == ["906", "909"]
    case = approved(debit(head, "property_tax", "vehicle_tax"))
    assert (case.state, Mandate.objects.count()) == ("done", 4)


# Who it is.


@pytest.mark.usefixtures("town")
def test_who_applied_on_paper_is_identified_by_name_and_birth_date() -> None:
    people = a_family()
    case = about("move-out", None, moving_out(people).answers, *people, **as_said(people[0]))
    said: dict[str, Any] = {"actor": CLERK, "case": case.pk, "seen": 1}
    for number, code in (("", "no_such_person"), ("９９", "no_such_person"), ("999999999999999", "no_such_person")):
        assert code_of(identify, **said, number=number) == code
    assert code_of(identify, **said, number=people[1].addressee.number) == "another_person"
    assert identify(**said, number=people[0].addressee.number).about_id == people[0].addressee_id
    assert kinds(approved(Case.objects.get(pk=case.pk))) == ["entry"]
    over = stepped(moving_out(people), "accept", "refuse_form", reason="二重の申請です。")
    assert code_of(identify, actor=CLERK, case=over.pk, seen=3, number=people[0].addressee.number) == "no_step"


# A family moves out of one town and into the other.


def test_a_family_moves_from_one_town_to_the_other_and_nothing_is_typed_twice(db: None) -> None:
    with wall.within(TOWN):
        people = a_family()
        leaving = approved(moving_out(people, moved_out_on="2026-05-18"))
        decide(actor=REGISTER_CHIEF, draft=draft_of(leaving).pk)
        delivered()
        assert Case.objects.get(pk=leaving.pk).state == "done"
    assert tell_neighbours(TOWN) == 4
    with wall.within(OTHER_TOWN):
        answers = {"moved_on": "2026-05-19", "notifier": "self"}
        case = about("move-in", None, answers, **as_said(people[0]))
        case = stepped(case, "accept", "pass_form", "reserve")
        assert (kinds(case), waiting().count()) == ([], 4)
        case = stepped(case, "visited")
        notice = notice_for(case)
        assert notice.people[0].items["name"] == "甲野　太郎"
        assert (notice.act, len(notice.people), notice.came_from["city"]) == ("move_in_by_card", 4, "架空市")
        notice = replace(notice, place={"prefecture": "架空県", "city": "模擬町", "block": "本通", "lot": "２番地３"})
        notice = notice.confirming(*(alert.code for alert in unconfirmed(preview(notice), notice)))
        decide(actor=REGISTER_CHIEF, draft=enter_for(actor=CLERK, case=case.pk, notice=notice).pk)
        delivered()
        assert Case.objects.get(pk=case.pk).state == "done"
        assert waiting().count() == 0
    assert tell_neighbours(OTHER_TOWN) == 4
    with wall.within(TOWN):
        assert waiting("arrival").count() == 4
        assert newest(people[3]).status == "2"
