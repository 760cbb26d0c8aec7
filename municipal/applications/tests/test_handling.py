"""What the office and the applicant do with a case (申請の処理の試験)."""

from datetime import timedelta
from typing import Any

import pytest

from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, attach, correct, take_step, withdraw
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import Proposal

from .acting import CHIEF, CLERK, a_case, stepped
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")


def code_of(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(**said)
    return found.value.code


def simple() -> Case:
    return a_case("nursery-status", {"is_unchanged": True})


def double() -> Case:
    return a_case("care-reduction", {"reason": "disaster"})


def day(days: int) -> Any:
    return clock.today() + timedelta(days=days)


def sent_back(case: Case, *fields: str) -> Case:
    return stepped(
        stepped(case, "accept"), "send_back", reason="もう一度確かめてください。", fields=fields, correct_by=day(7)
    )


def test_one_person_decides_where_the_table_says_so() -> None:
    case = stepped(a_case("nursery-fee", {"method": "slip"}), "accept", "pass_form", "approve", "carry_out")
    assert case.state == "done"
    assert [one.number for one in case.events.order_by("number")] == [1, 2, 3, 4, 5]


def test_a_step_out_of_turn_is_refused() -> None:
    case = simple()
    for action in ("approve", "carry_out", "submit", "withdraw", "nothing"):
        assert code_of(take_step, actor=CLERK, case=case.pk, seen=1, action=action) == "no_step", action
    assert code_of(take_step, actor=CLERK, case=case.pk + 1, seen=1, action="accept") == "no_case"


def test_who_proposed_does_not_decide() -> None:
    case = stepped(double(), "accept", "pass_form", "propose")
    said: dict[str, Any] = {"case": case.pk, "seen": case.events.count()}
    with pytest.raises(Refused):
        take_step(actor=CLERK, action="approve", **said)
    assert Case.objects.get(pk=case.pk).state == "proposed"
    assert stepped(case, "approve", actor=CHIEF).state == "approved"
    assert Proposal.objects.get().is_approved is True


def test_a_returned_proposal_is_proposed_anew_and_decided_anew() -> None:
    case = stepped(stepped(double(), "accept", "pass_form", "propose"), "return", actor=CHIEF, reason="根拠を足す。")
    assert case.state == "substance_check"
    case = stepped(stepped(case, "propose"), "reject", actor=CHIEF, reason="要件に合いません。")
    assert case.state == "rejected"
    assert list(Proposal.objects.values_list("is_approved", flat=True)) == [False, False]


def test_a_rejection_needs_a_reason() -> None:
    case = stepped(simple(), "accept", "pass_form")
    assert code_of(
        take_step, actor=CLERK, case=case.pk, seen=3, action="reject", reason="  "
    ) == "reason_missing"  # fmt: skip


def test_sending_back_names_fields_and_a_day_to_come() -> None:
    case = stepped(simple(), "accept")
    usual = {"actor": CLERK, "case": case.pk, "seen": 2, "action": "send_back", "reason": "確かめてください。"}
    assert code_of(take_step, **usual, fields=[], correct_by=day(7)) == "no_fields"
    assert code_of(take_step, **usual, fields=["is_unchanged", "salary"], correct_by=day(7)) == "no_fields"
    assert code_of(take_step, **usual, fields=["is_unchanged"], correct_by=None) == "no_day"
    assert code_of(take_step, **usual, fields=["is_unchanged"], correct_by=day(0)) == "no_day"


def test_two_clerks_who_press_at_the_same_time_do_not_both_act() -> None:
    case = stepped(simple(), "accept")
    stepped(case, "pass_form")
    said = {"case": case.pk, "action": "send_back", "reason": "x", "fields": ["is_unchanged"], "correct_by": day(7)}
    assert code_of(take_step, actor=CHIEF, seen=2, **said) == "case_changed"


def test_only_what_was_sent_back_is_corrected_and_the_old_answer_is_kept() -> None:
    case = sent_back(a_case("nursery-fee", {"method": "debit"}), "method")
    seen = case.events.count()
    assert code_of(
        correct, actor=APPLICANT, case=case.pk, seen=seen, answers={"salary": 1}, people={}
    ) == "not_sent_back"  # fmt: skip
    correct(actor=APPLICANT, case=case.pk, seen=seen, answers={"method": "slip"}, people={})
    case.refresh_from_db()
    assert case.state == "form_check"
    assert case.answers["method"] == "slip"
    assert case.correct_by is None
    assert case.events.latest("number").before == {"method": "debit"}
    assert code_of(
        correct, actor=APPLICANT, case=case.pk, seen=seen + 1, answers={"method": "debit"}, people={}
    ) == "no_step"  # fmt: skip


def test_a_correction_that_leads_to_another_question_answers_it_too() -> None:
    case = sent_back(simple(), "is_unchanged")
    said: dict[str, Any] = {"actor": APPLICANT, "case": case.pk, "seen": 3, "people": {}}
    assert code_of(correct, **said, answers={"is_unchanged": False}) == "incomplete"
    correct(**said, answers={"is_unchanged": False, "change": "job"})
    assert Case.objects.get(pk=case.pk).answers == {"is_unchanged": False, "change": "job"}


def test_a_document_that_was_asked_for_must_be_there() -> None:
    case = sent_back(simple(), "evidence-work-certificate")
    said: dict[str, Any] = {"actor": APPLICANT, "case": case.pk, "seen": 3, "answers": {}, "people": {}}
    assert code_of(correct, **said) == "incomplete"
    attach(actor=APPLICANT, to=case, field="evidence-work-certificate", name="a.png", content=picture())
    assert correct(**said).state == "form_check"


def test_a_correction_comes_in_time_or_the_case_expires() -> None:
    case = sent_back(simple(), "is_unchanged")
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=3, action="expire") == "not_expired"
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        assert code_of(
            correct, actor=APPLICANT, case=case.pk, seen=3, answers={"is_unchanged": True}, people={}
        ) == "too_late"  # fmt: skip
        assert stepped(case, "expire").state == "expired"


def test_an_application_is_withdrawn_until_it_is_decided() -> None:
    case = stepped(simple(), "accept", "pass_form")
    assert withdraw(actor=APPLICANT, case=case.pk, seen=3).state == "withdrawn"
    assert code_of(withdraw, actor=APPLICANT, case=case.pk, seen=4) == "no_step"
    decided = stepped(simple(), "accept", "pass_form", "approve")
    assert code_of(withdraw, actor=APPLICANT, case=decided.pk, seen=4) == "no_step"


def test_sent_back_twice_and_then_withdrawn() -> None:
    case = sent_back(a_case("nursery-fee", {"method": "debit"}), "method")
    correct(actor=APPLICANT, case=case.pk, seen=3, answers={"method": "slip"}, people={})
    case = stepped(case, "send_back", reason="もう一度。", fields=["method"], correct_by=day(7))
    assert withdraw(actor=APPLICANT, case=case.pk, seen=5).state == "withdrawn"
    assert Case.objects.get(pk=case.pk).correct_by is None


def test_a_fee_is_paid_before_a_certificate_is_handed_over() -> None:
    case = stepped(a_case("seal-certificate", {"copies": 1}), "accept", "pass_form", "approve")
    assert case.state == "payable"
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=4, action="carry_out") == "no_step"
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=4, action="pay") == "not_paid"
