"""Registers are read again before a decision (決定前の再照会の試験; 値が引用と決定の間に変わった申請)."""

from datetime import date
from typing import Any

import pytest

from municipal.applications.models import Case, Draft
from municipal.applications.operations import see_differences, take_step
from municipal.applications.operations.refreshing import (
    CHANGED,
    DOUBTED,
    DOWN,
    TYPED,
    differences,
    needs_checking,
    reading_of,
)
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .acting import CLERK, a_case, stepped
from .prefilled import a_filled_draft, protected, resident, sent

pytestmark = pytest.mark.usefixtures("town")
APPROVED = ("approved", "done")
LATER = date(2026, 6, 1)


@pytest.fixture
def her(town: int) -> ResidentRecord:
    return resident()


def applied(person: Any, **changes: Any) -> Case:
    """In the substance check; ``changes`` are made to the item of the household."""
    draft, token = a_filled_draft("nursery-status", person, {"is_unchanged": True})
    draft.filled["household_members"] |= changes
    Draft.objects.filter(pk=draft.pk).update(filled=draft.filled)
    return stepped(sent(draft, token), "accept", "pass_form")


def found(case: Case) -> list[Any]:
    return differences(case, reading_of(case).items)


def refused(case: Case, action: str = "approve", **said: Any) -> str:
    with pytest.raises(Refused) as why:
        take_step(actor=CLERK, case=case.pk, seen=case.events.count(), action=action, **said)
    case.refresh_from_db()
    return why.value.code


def seen(case: Case) -> Case:
    return see_differences(actor=CLERK, case=case.pk, marks=[one.mark for one in found(case)])


def test_what_is_still_true_is_approved_and_it_is_noted_that_it_was_read_again(her: ResidentRecord) -> None:
    case = applied(her.addressee)
    assert found(case) == []
    case = stepped(case, "approve")
    noted = case.filled["household_members"]
    assert noted["decided"]["digest"] == noted["digest"]


def test_a_value_that_changed_between_filling_and_decision_is_seen_before_it_is_approved(her: ResidentRecord) -> None:
    """Named case: value changed between pre-fill and decision."""
    case = applied(her.addressee)
    resident(household=her.household, is_head=False, name="甲野　一郎", relationship="子", member_order=2)
    (one,) = found(case)
    assert (one.name, one.kind, one.is_seen) == ("household_members", CHANGED, False)
    assert "一郎" not in "".join(one.before)
    assert "一郎" in "".join(one.after)
    assert refused(case) == "unseen_differences"
    assert case.state == "substance_check"
    case = seen(case)
    assert [one.is_seen for one in found(case)] == [True]
    assert stepped(case, "approve").state in APPROVED


def test_a_rejection_needs_no_differences_to_be_seen(her: ResidentRecord) -> None:
    case = applied(her.addressee)
    enter(her, LATER, name="乙野　花子")
    assert stepped(case, "reject", reason="要件に合いません。").state == "rejected"


def test_what_was_seen_is_seen_once_and_for_that_difference_only(her: ResidentRecord) -> None:
    case = applied(her.addressee)
    enter(her, LATER, name="乙野　花子")
    first = seen(case).filled
    again = seen(Case.objects.get(pk=case.pk)).filled
    assert first["household_members"]["seen"]["mark"] == again["household_members"]["seen"]["mark"]
    enter(ResidentRecord.objects.latest("serial"), date(2026, 7, 1), name="丙野　花子")
    case.refresh_from_db()
    assert refused(case) == "unseen_differences"


def test_marks_of_what_is_not_shown_any_more_are_refused(her: ResidentRecord) -> None:
    case = applied(her.addressee)
    enter(her, LATER, name="乙野　花子")
    for marks in ([], ["0" * 64], [""]):
        with pytest.raises(Refused) as why:
            see_differences(actor=CLERK, case=case.pk, marks=marks)
        assert why.value.code == "changed_again"


def test_differences_are_seen_while_the_substance_is_looked_at_and_not_else(her: ResidentRecord) -> None:
    draft, token = a_filled_draft("nursery-status", her.addressee, {"is_unchanged": True})
    case = stepped(sent(draft, token), "accept")
    with pytest.raises(Refused) as why:
        see_differences(actor=CLERK, case=case.pk, marks=[])
    assert why.value.code == "not_now"


def test_what_the_applicant_calls_wrong_or_wrote_themselves_is_looked_at(her: ResidentRecord) -> None:
    for kind, changes in (
        (DOUBTED, {"is_confirmed": False, "typed": "子が1人いる"}),
        (TYPED, {"status": "unavailable", "why": "down", "typed": "2人"}),
        (TYPED, {"status": "unavailable", "why": "down", "typed": ""}),
    ):
        case = applied(her.addressee, **changes)
        assert needs_checking(case)
        assert [one.kind for one in found(case)] == [kind]
        assert refused(case) == "unseen_differences"
        assert stepped(seen(case), "approve").state in APPROVED


def test_a_register_that_no_room_keeps_holds_no_approval_up(her: ResidentRecord) -> None:
    case = applied(her.addressee, status="unavailable", why="not_kept", typed="")
    assert not needs_checking(case)
    assert stepped(case, "approve").state in APPROVED


def test_a_register_that_is_down_at_the_decision_must_be_known(
    her: ResidentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = applied(her.addressee)
    monkeypatch.setattr("municipal.applications.prefill.register.IDENTITY", ("no_such_item",))
    assert [one.kind for one in found(case)] == [DOWN]
    assert refused(case) == "unseen_differences"


def test_of_somebody_who_became_protected_neither_the_old_nor_the_new_is_shown(her: ResidentRecord) -> None:
    case = applied(her.addressee)
    protected(her)
    enter(her, LATER, address_lot="２番地", name="乙野　花子")
    (one,) = found(case)
    assert one.is_withheld
    assert one.before == ()
    assert "松町" not in "".join((*one.before, *one.after))


def test_of_a_guest_s_case_no_register_is_read() -> None:
    case = stepped(a_case("nursery-status", {"is_unchanged": True}), "accept", "pass_form")
    assert found(case) == []
    assert reading_of(case).items == {}
    assert stepped(case, "approve").state in APPROVED
