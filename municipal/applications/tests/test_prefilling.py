"""A draft is filled once, told once, confirmed and carried to the case (引用の操作の試験; ワンスオンリー)."""

from typing import Any

import pytest

from municipal.applications.models import Draft
from municipal.applications.operations import answer_held, begin, prefill
from municipal.applications.operations.prefilling import Said
from municipal.applications.operations.submitting import lacking
from municipal.applications.prefill import Reader
from municipal.audit.models import Kind
from municipal.audit.operations import _queue
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .prefilled import SINCE, a_filled_draft, account_of, resident, sent

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def her(town: int) -> ResidentRecord:
    return resident()


def told(act: str) -> list[Any]:
    """What waits to be written into the audit of this act."""
    return [one for batch in _queue().batches for one in batch.drafts if one.act == act]


def begun(person: Any, code: str = "household-change") -> tuple[Draft, str, Any]:
    account = account_of(person)
    made = begin(actor=account, procedure=code, language="ja", account=account)
    return made.draft, made.token, account


def refused(**said: Any) -> str:
    with pytest.raises(Refused) as found:
        answer_held(**said)
    return found.value.code


def test_a_draft_is_filled_once_and_the_disclosure_says_who_what_and_for_which_procedure(her: ResidentRecord) -> None:
    child = resident(household=her.household, is_head=False, name="甲野　一郎", relationship="子", member_order=2)
    draft, _token, account = begun(her.addressee)
    for _ in range(3):
        draft = prefill(actor=account, draft=draft)
    shown = [one for one in told("applications.prefill") if one.kind == Kind.DISCLOSURE]
    assert len(shown) == 1
    assert set(shown[0].subjects) == {her.addressee_id, child.addressee_id}
    assert (shown[0].actor_id, shown[0].purpose) == (account.pk, "household-change")
    assert "household.members" in shown[0].fields


def test_a_second_filling_changes_nothing(her: ResidentRecord) -> None:
    draft, _token, account = begun(her.addressee)
    first = prefill(actor=account, draft=draft).filled
    enter(her, SINCE.replace(month=6), name="乙野　花子")
    assert prefill(actor=account, draft=draft).filled == first


def test_a_delegate_s_disclosure_names_only_whom_they_were_shown(her: ResidentRecord) -> None:
    resident(household=her.household, is_head=False, name="甲野　一郎", relationship="子", member_order=2)
    draft, _token, account = begun(her.addressee)
    prefill(actor=account, draft=draft, reader=Reader.DELEGATE)
    people = {one for each in told("applications.prefill") for one in each.subjects}
    assert people <= {her.addressee_id}


def test_what_the_law_wants_in_the_notice_is_confirmed_before_anything_is_sent(her: ResidentRecord) -> None:
    draft, token, account = begun(her.addressee, "move-out")
    draft = prefill(actor=account, draft=draft)
    notice = [name for name, one in draft.filled.items() if one["is_notice"]]
    assert notice
    assert set(notice) <= set(lacking(draft))
    draft = answer_held(actor=account, draft=draft.public, token=token, said={one: Said(True) for one in notice})
    assert not set(notice) & set(lacking(draft))


def test_who_says_that_something_is_wrong_says_what_and_changes_no_register(her: ResidentRecord) -> None:
    draft, token, account = begun(her.addressee, "move-out")
    draft = prefill(actor=account, draft=draft)
    name = next(name for name, one in draft.filled.items() if one["is_notice"])
    said = {"actor": account, "draft": draft.public, "token": token}
    assert refused(**said, said={name: Said(False)}) == "say_what"
    assert refused(**said, said={name: Said(False, "x" * 501)}) == "too_long"
    before = ResidentRecord.objects.count()
    kept = answer_held(**said, said={name: Said(False, "  名前の字が違う  ")}).filled[name]
    assert (kept["is_confirmed"], kept["typed"]) == (False, "名前の字が違う")
    assert ResidentRecord.objects.count() == before
    kept = answer_held(**said, said={name: Said(True, "名前の字が違う")}).filled[name]
    assert (kept["is_confirmed"], kept["typed"]) == (True, "")


def test_an_item_that_is_none_is_not_made_up(her: ResidentRecord) -> None:
    draft, token, account = begun(her.addressee)
    prefill(actor=account, draft=draft)
    kept = answer_held(actor=account, draft=draft.public, token=token, said={"salary": Said(True, "1")})
    assert "salary" not in kept.filled


def test_what_was_filled_goes_with_the_case_and_leaves_the_draft(her: ResidentRecord) -> None:
    draft, token = a_filled_draft("nursery-status", her.addressee, {"is_unchanged": True})
    filled = draft.filled
    case = sent(draft, token)
    assert set(filled) == {one.name for one in case.asked.holds}
    assert case.filled == filled
    assert Draft.objects.get(pk=draft.pk).filled == {}
    assert draft.account is not None
    again = prefill(actor=draft.account, draft=draft)
    assert again.filled == {}
