"""Several applications as one: all or none, nobody else's, and what follows (手続一式の試験; issue 7)."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from municipal.addressees.operations import protect, suppress
from municipal.applicants.operations import accept_delegation, delegate, end_delegation
from municipal.applicants.rules import Kind
from municipal.applicants.tests.holding import resident
from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.household import household_of
from municipal.applications.bundling.paper import write_plan, write_receipt
from municipal.applications.bundling.planning import plan
from municipal.applications.bundling.questions import given
from municipal.applications.bundling.reading import read
from municipal.applications.models import Attachment, Bundle, Case, Draft, FollowUp
from municipal.applications.operations import APPLICANT, attach, take_step
from municipal.applications.operations.bundles import (
    begin_bundle,
    bundle_of,
    digests,
    discard_bundle,
    hand_in,
    share_out,
    write_bundle,
)
from municipal.applications.operations.following_up import follow_up
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import shipped

from .acting import CLERK, stepped
from .bundled import OUT, WATER, a_family, account_of, begun, handed_in, written
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")


def code_of(act: Any, *given_first: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(*given_first, **said)
    return found.value.code


# Faults first.


def test_open_questions_and_an_empty_choice_begin_nothing() -> None:
    event = life_events()["moving"]
    open_ones = given(event, {"way": ["out"]}, None)
    said: dict[str, Any] = {"actor": APPLICANT, "event": "moving", "language": "ja"}
    assert code_of(begin_bundle, **said, given=open_ones, chosen=["move-out"]) == "not_ready"
    whole = given(event, {name: [text] for name, text in OUT.items()}, None)
    for chosen in ([], ["no-such-thing"], ["seal-cancel"], ["child-allowance"]):
        assert code_of(begin_bundle, **said, given=whole, chosen=chosen) == "nothing_chosen", chosen
    assert not Bundle.objects.exists()
    assert not Draft.objects.exists()


def test_a_guest_begins_only_what_needs_no_card() -> None:
    """The strictest of the chosen procedures decides (DS-511)."""
    assert code_of(begun, None, "moving", OUT, actor=APPLICANT) == "card_needed"
    bundle = begun(None, "moving", WATER, chosen={"water-stop"}, actor=APPLICANT)
    assert bundle.account is None
    assert bundle.about is None
    assert [case.procedure for case in handed_in(bundle)] == ["water-stop"]


def test_a_bundle_is_opened_by_its_account_or_by_its_own_browser_alone() -> None:
    mother, father, _child = a_family()
    mine, his = account_of(mother.addressee), account_of(father.addressee)
    bundle = begun(mine, "moving", OUT)
    assert bundle_of(bundle.public, "", mine) == bundle
    # Her husband lives with her and moves with her; the new address is still hers to tell.
    assert code_of(bundle_of, bundle.public, "", his) == "no_bundle"
    assert code_of(bundle_of, bundle.public, "", None) == "sign_in_needed"
    assert code_of(bundle_of, uuid4(), "", mine) == "no_bundle"
    guest = begun(None, "moving", WATER, chosen={"water-stop"}, actor=APPLICANT)
    assert code_of(bundle_of, guest.public, "another", None) == "no_bundle"
    assert code_of(bundle_of, guest.public, "", mine) == "no_bundle"


def test_a_bundle_ends_after_its_days_and_takes_its_attachments_along() -> None:
    guest = begun(None, "moving", WATER, chosen={"water-stop"}, actor=APPLICANT)
    attach(actor=APPLICANT, to=guest.drafts.get(), field="evidence-x", name="a.png", content=picture())
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert code_of(bundle_of, guest.public, "", None) == "no_bundle"
        begun(None, "moving", WATER | {"on": clock.today().isoformat()}, chosen={"water-stop"}, actor=APPLICANT)
        begun(None, "moving", WATER | {"on": clock.today().isoformat()}, chosen={"water-stop"}, actor=APPLICANT)
    assert not Bundle.objects.filter(pk=guest.pk).exists()
    assert not Attachment.objects.exists()


def test_nothing_is_handed_in_where_one_application_lacks_an_answer() -> None:
    """All or none: a family is not half moved."""
    account = account_of(a_family()[0].addressee)
    bundle = begun(account, "moving", OUT)
    reading = written(bundle)
    fields = {name: value for name, value in reading.fields.items() if name != "leaving"}
    write_bundle(actor=account, bundle=bundle, applicant={"phone": "0"}, fields=fields, people=reading.bundle.people)
    assert code_of(hand_in, actor=account, bundle=bundle) == "incomplete"
    assert not Case.objects.exists()
    bundle.refresh_from_db()
    assert bundle.submitted_at is None
    assert bundle.answers["fields"]


def test_what_was_not_signed_or_changed_after_signing_is_not_handed_in() -> None:
    account = account_of(a_family()[0].addressee)
    bundle = begun(account, "moving", OUT)
    reading = written(bundle)
    assert code_of(hand_in, actor=account, bundle=bundle) == "signature_needed"
    from municipal.applicants.tests.holding import SIGNATURE_PIN
    from municipal.applications.operations.signing_bundles import sign_each
    from municipal.municipalities import wall

    assert account.person is not None
    wanted = digests(share_out(actor=account, bundle=bundle))
    number = account.person.cards.get().number
    made = sign_each(town=wall.current(), number=number, pin=SIGNATURE_PIN, texts=wanted)
    assert len(set(wanted.values())) == len(wanted), "each application is signed by itself"
    later = reading.fields | {"new_address": "別の場所"}
    write_bundle(actor=account, bundle=bundle, applicant={"phone": "0"}, fields=later, people=reading.bundle.people)
    assert code_of(hand_in, actor=account, bundle=bundle, signed=made) == "signature_does_not_hold"
    assert not Case.objects.exists()


# One bundle, several cases.


def test_handed_in_twice_these_are_the_same_cases() -> None:
    account = account_of(a_family()[0].addressee)
    bundle = begun(account, "moving", OUT)
    cases = handed_in(bundle)
    assert [case.procedure for case in cases] == ["move-out", "nhi-loss", "school-transfer"]
    assert {case.bundle_id for case in cases} == {bundle.pk}
    assert all(case.signature and case.account == account and case.about == account.person for case in cases)
    assert hand_in(actor=account, bundle=bundle) == cases
    assert Case.objects.count() == 3
    bundle.refresh_from_db()
    assert bundle.answers["fields"] == {}
    assert bundle.people == {}
    assert bundle.applicant == {}
    assert code_of(discard_bundle, actor=account, bundle=bundle) == "sent_already"
    assert code_of(bundle_of, bundle.public, "", account, is_for_change=True) == "sent_already"


def test_answers_said_once_stand_in_every_application_that_asks() -> None:
    account = account_of(a_family()[0].addressee)
    out, loss, _school = handed_in(begun(account, "moving", OUT))
    assert out.answers["moved_out_on"] == "2026-12-20"
    assert out.answers["contact"] == "090-0000-0000"
    assert len(out.answers["movers"]) == 3
    assert loss.answers["leaving"][0]["cause"] == "moves_out"
    assert {one["name"] for one in out.people.values()} == {"甲野　花子", "甲野　一郎", "甲野　春"}


def test_what_the_register_knows_of_the_household_is_not_asked_and_its_reading_is_logged() -> None:
    account = account_of(a_family()[0].addressee)
    household = household_of(account.person)
    assert household is not None
    refs = [member.ref for member in household.members]
    found = given(life_events()["moving"], {"way": ["out"], "on": ["2026-12-20"], "movers": refs}, household)
    assert {"has_national_health_insurance", "has_child", "has_pupil"} <= found.known
    made = plan(life_events()["moving"], found, shipped(), household)
    school = next(item for item in made.items if item.entry.id == "school-transfer")
    assert school.people == ("甲野　春",)
    only_me = given(life_events()["moving"], {"way": ["out"], "on": ["2026-12-20"], "movers": refs[:1]}, household)
    assert only_me.values["has_pupil"] == "no", "the pupil stays"


def test_a_delegate_is_not_shown_with_whom_somebody_lives_and_ends_with_the_delegation() -> None:
    mother, _father, _child = a_family()
    helper = account_of(resident(name="乙野　介", resident_code="99900000037").addressee)
    offered = delegate(
        actor=CLERK, principal=mother.addressee, kind=Kind.CARE_MANAGER, until=clock.today() + timedelta(days=90)
    )
    accept_delegation(actor=helper, code=offered.code, name="乙野　介")
    said = {"request": "new", "uses_services": "yes", "enters_facility": "no", "needs_home_works": "no",
            "bought_equipment": "no", "paid_much": "no", "card_lost": "no"}  # fmt: skip
    bundle = begun(helper, "care", said, about=mother.addressee)
    assert bundle.people == {}
    assert bundle.about == mother.addressee
    assert "一郎" not in str([draft.filled for draft in bundle.drafts.all()])
    assert bundle_of(bundle.public, "", helper) == bundle
    end_delegation(actor=helper, delegation=offered.delegation.pk)
    assert code_of(bundle_of, bundle.public, "", helper) == "delegation_ended"
    assert code_of(begun, helper, "care", said, about=mother.addressee) == "not_for_them"


# Protected people.


def letters(file: BytesIO) -> str:
    document = pypdfium2.PdfDocument(file.getvalue())
    return "".join(page.get_textpage().get_text_range() for page in document)


def told(bundle: Bundle) -> str:
    """Everything that a bundle shows or keeps, the guide sheet and the receipt included."""
    household = household_of(bundle.account.person if bundle.account else None)
    event = life_events()[bundle.event]
    typed = {name: value if isinstance(value, list) else [value] for name, value in bundle.answers["asked"].items()}
    made = plan(event, given(event, typed, household), shipped(), household)
    said = [
        str(made.items),
        str(bundle.answers),
        str(bundle.people),
        str([(d.people, d.filled) for d in bundle.drafts.all()]),
    ]
    file = BytesIO()
    write_plan(file, made, "ja")
    said.append(letters(file))
    said += [slot.field.label.ja + str(slot.field.options) for slot in read(bundle).slots]
    return "\n".join(said)


@pytest.mark.parametrize("how", ["protected", "suppressed"])
def test_a_member_who_is_hidden_is_in_no_plan_form_receipt_or_paper(how: str) -> None:
    """A bundle never tells the other party: neither the address nor that somebody is there."""
    mother, father, child = a_family(name="目印　春", address_lot="目印９番地")
    if how == "protected":
        protect(actor=CLERK, addressee=child.addressee, starts_on=date(2026, 5, 1), ends_on=None, is_own=True)
    else:
        suppress(
            actor=CLERK, addressee=child.addressee, process="inquiry", level="error", reason="確認中",
            starts_on=date(2026, 5, 1),
        )  # fmt: skip
    bundle = begun(account_of(father.addressee), "moving", OUT)
    assert "目印" not in told(bundle)
    # One is missing, so the register answers no question with "no": that would tell who is there.
    assert "has_child" not in bundle.answers["known"]
    cases = handed_in(bundle)
    file = BytesIO()
    bundle.refresh_from_db()
    write_receipt(file, bundle, cases, [])
    whole = letters(file)
    assert "目印" not in whole + str([case.people for case in cases]) + str([case.answers for case in cases])
    assert all(case.number in whole for case in cases)
    named = {one["name"] for case in cases for one in case.people.values()}
    assert named == {mother.name, father.name}


def test_a_protected_person_sees_nothing_of_the_register_and_is_asked_everything() -> None:
    mother, _father, _child = a_family()
    protect(actor=CLERK, addressee=mother.addressee, starts_on=date(2026, 5, 1), ends_on=None, is_own=True)
    account = account_of(mother.addressee)
    assert household_of(account.person) is None
    bundle = begun(account, "moving", OUT)
    assert bundle.answers["known"] == []
    assert bundle.people == {}
    assert "松町" not in told(bundle)


def test_the_dead_and_those_who_left_have_no_household_here() -> None:
    from municipal.addressees.models import LifeState

    mother = a_family()[0].addressee
    mother.refresh_from_db()
    assert household_of(None) is None
    assert household_of(mother) is not None
    mother.life_state = LifeState.DEAD
    assert household_of(mother) is None


# What follows by itself.


def test_what_follows_ex_officio_begins_once_when_a_case_is_approved() -> None:
    """The registered seal ends with the move; so does the child's card; what was denied does not begin."""
    account = account_of(a_family()[0].addressee)
    bundle = begun(account, "moving", OUT)
    out = next(case for case in handed_in(bundle) if case.procedure == "move-out")
    stepped(out, "accept", "pass_form")
    assert not FollowUp.objects.exists()
    out.refresh_from_db()
    take_step(actor=CLERK, case=out.pk, seen=out.events.count(), action="approve")
    found = {one.procedure: one for one in FollowUp.objects.filter(bundle=bundle)}
    assert set(found) == {"seal-cancel", "child-medical-return"}
    assert all(one.after == out and one.case is None and one.is_certain for one in found.values())
    follow_up(actor=CLERK, case=out)
    assert FollowUp.objects.count() == 2, "begun again, nothing begins"


def test_what_somebody_denied_does_not_begin_and_what_nobody_asked_may() -> None:
    account = account_of(a_family()[0].addressee)
    out, loss, _school = handed_in(begun(account, "moving", OUT | {"has_seal": "no"}))
    assert {one.procedure for one in follow_up(actor=CLERK, case=out)} == {"child-medical-return"}
    refund = follow_up(actor=CLERK, case=loss)
    assert [(one.procedure, one.is_certain) for one in refund] == [("nhi-refund", False)]
