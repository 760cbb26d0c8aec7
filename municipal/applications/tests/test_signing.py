"""What is signed, by whom, and whether it still holds (電子署名の試験; issue 7, sections 3 and 6)."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from municipal.applicants.models import Applicant, Card
from municipal.applicants.operations import REGISTER, follow_register, renew_signature, report_loss
from municipal.applicants.tests.holding import CLERK, refusal
from municipal.applications.models import Case, CoSigner
from municipal.applications.operations import (
    APPLICANT,
    ask_to_sign,
    attach,
    correct,
    cosign,
    cosigner_of,
    save,
    submit,
    to_sign,
    to_sign_again,
)
from municipal.applications.operations.cosigning import KEPT_FOR, cosigned_answers, cosigned_digest
from municipal.applications.operations.signing import Verdict, verdict
from municipal.core import clock
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .acting import CHIEF, stepped
from .applying import CARD_ONLY, LEFT, another, sent, signature_of, somebody, written
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")
Person = tuple[Applicant, Card]


@pytest.fixture
def mother(town: int) -> Person:
    return somebody()


@pytest.fixture
def other(mother: Person) -> Person:
    return another()


def moved(card: Card) -> None:
    """The holder moves: what the signature's certificate says is right no longer."""
    enter(ResidentRecord.objects.get(addressee=card.holder_id), date(2026, 11, 1), address_lot="９９番地")
    follow_register(actor=REGISTER, people=[card.holder_id])


def test_without_a_signature_nothing_is_submitted(mother: Person) -> None:
    made = written(mother[0])
    assert refusal(lambda: sent(mother[0], made)) == "signature_needed"
    assert not Case.objects.exists()
    made.draft.refresh_from_db()
    assert made.draft.answers == LEFT


def test_another_person_s_card_signs_nothing_of_mine(mother: Person, other: Person) -> None:
    made = written(mother[0])
    assert refusal(lambda: sent(mother[0], made, other[1])) == "not_their_card"


def test_a_signature_of_something_else_is_none_of_this(mother: Person) -> None:
    made, second = written(mother[0]), written(mother[0], phone="111")
    mark = signature_of(mother[1], to_sign(second.draft))
    said: dict[str, Any] = {"draft": made.draft.public, "token": made.token, "signed": mark}
    assert refusal(lambda: submit(actor=mother[0], **said)) == "signature_does_not_hold"


def test_what_changes_after_signing_must_be_signed_anew(mother: Person) -> None:
    made = written(mother[0])
    mark = signature_of(mother[1], to_sign(made.draft))
    attach(actor=mother[0], to=made.draft, field="evidence-leaving-certificate", name="a.png", content=picture())
    said: dict[str, Any] = {"draft": made.draft.public, "token": made.token}
    assert refusal(lambda: submit(actor=mother[0], signed=mark, **said)) == "signature_does_not_hold"
    case = submit(actor=mother[0], signed=signature_of(mother[1], to_sign(made.draft)), **said)
    assert verdict(case) == Verdict.GOOD
    again = submit(actor=mother[0], signed=None, **said)
    assert again.pk == case.pk


@pytest.mark.parametrize("end", [moved, lambda card: report_loss(actor=CLERK, card=card)])
def test_a_certificate_that_ended_mid_way_signs_again_after_renewal(mother: Person, end: Any) -> None:
    made = written(mother[0])
    mark = signature_of(mother[1], to_sign(made.draft))
    end(mother[1])
    said: dict[str, Any] = {"draft": made.draft.public, "token": made.token}
    assert refusal(lambda: submit(actor=mother[0], signed=mark, **said)) == "signature_does_not_hold"
    renew_signature(actor=CLERK, card=mother[1])
    made.draft.refresh_from_db()
    assert sent(mother[0], made, mother[1]).answers == LEFT


def test_a_signature_holds_although_its_certificate_ended_later(mother: Person) -> None:
    case = sent(mother[0], written(mother[0]), mother[1])
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        moved(mother[1])
        assert verdict(case) == Verdict.GOOD


def test_what_was_altered_or_forged_behind_the_signature_is_seen(mother: Person, other: Person) -> None:
    case = sent(mother[0], written(mother[0]), mother[1])
    assert set(case.signature) >= {"serial", "digest", "signed_at"}
    assert "甲野" not in str(case.signature)
    Case.objects.filter(pk=case.pk).update(answers={"left_on": "2026-11-21"})
    assert verdict(Case.objects.get(pk=case.pk)) == Verdict.ALTERED
    case.signature |= {"digest": "0" * 64}
    assert verdict(case) == Verdict.BAD
    for broken in ({"serial": "nothing"}, {"signature": "###"}, {"signed_at": "some day"}):
        case.signature = Case.objects.get(pk=case.pk).signature | broken
        assert verdict(case) == Verdict.BAD


def sent_back(mother: Person) -> Case:
    case = sent(mother[0], written(mother[0]), mother[1])
    return stepped(
        stepped(case, "accept"), "send_back", reason="日を確かめてください。", fields=["left_on"],
        correct_by=clock.today() + timedelta(days=7),
    )  # fmt: skip


def test_a_correction_is_signed_anew_by_whoever_signed_and_the_former_signature_stays(
    mother: Person, other: Person
) -> None:
    case, right = sent_back(mother), {"left_on": "2026-11-19"}
    said: dict[str, Any] = {"actor": mother[0], "case": case.pk, "seen": 3, "answers": right, "people": {}}
    assert refusal(lambda: correct(**said)) == "signature_needed"
    digest = to_sign_again(case, right, {})
    assert refusal(lambda: correct(**said, signed=signature_of(other[1], digest))) == "not_their_card"
    of_another_day = signature_of(mother[1], to_sign_again(case, {"left_on": "2026-11-18"}, {}))
    assert refusal(lambda: correct(**said, signed=of_another_day)) == "signature_does_not_hold"
    case.refresh_from_db()
    assert (case.state, case.answers) == ("correction", LEFT)
    former = case.signature
    correct(**said, signed=signature_of(mother[1], digest))
    case = Case.objects.get(pk=case.pk)
    assert verdict(case) == Verdict.GOOD
    assert case.signature["former"] == [former]
    Case.objects.filter(pk=case.pk).update(answers=LEFT)
    assert verdict(Case.objects.get(pk=case.pk)) == Verdict.ALTERED


def test_the_database_keeps_a_signature_until_a_correction_takes_its_place_and_keeps_it(mother: Person) -> None:
    case, other = sent_back(mother), {"serial": "another"}
    for change in ({"signature": other}, {"signature": other, "state": "form_check"}):
        with pytest.raises(IntegrityError, match="A signature gives way only"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)
    Case.objects.filter(pk=case.pk).update(signature=other | {"former": [case.signature]}, state="form_check")


def test_a_file_that_comes_with_a_correction_is_signed_too(mother: Person) -> None:
    case = sent_back(mother)
    right = {"left_on": "2026-11-19"}
    before = to_sign_again(case, right, {})
    attach(actor=mother[0], to=case, field="evidence-leaving-certificate", name="a.png", content=picture())
    assert to_sign_again(case, right, {}) != before


# --- those who sign together


def asked(case: Case, name: str = "乙野　介") -> str:
    return ask_to_sign(actor=APPLICANT, case=case.pk, name=name).code


def cosigned(code: str, person: Person, card: Card | None = None) -> CoSigner:
    found = cosigner_of(code, person[0])
    return cosign(actor=person[0], code=code, signed=signature_of(card or person[1], cosigned_digest(found.case)))


@pytest.fixture
def case(mother: Person) -> Case:
    return sent(mother[0], written(mother[0]), mother[1])


@pytest.mark.parametrize("name", ["", "　", "長" * 101])
def test_nobody_without_a_name_is_asked_to_sign(case: Case, name: str) -> None:
    assert refusal(lambda: asked(case, name)) == "no_name"


def test_a_wrong_or_old_code_and_the_applicant_s_own_card_sign_nothing(
    case: Case, mother: Person, other: Person
) -> None:
    code = asked(case)
    for wrong in ("", "ABCD", "A" * 12, "\0"):
        assert refusal(partial(cosigner_of, wrong, other[0])) == "no_such_code"
    assert refusal(lambda: cosigner_of(code, mother[0])) == "own_case"
    with clock.stopped_at(clock.now() + KEPT_FOR):
        assert refusal(lambda: cosigner_of(code, other[0])) == "no_such_code"
    assert refusal(lambda: cosigned(code, other, mother[1])) == "not_their_card"
    assert refusal(lambda: cosign(actor=other[0], code=code, signed=None)) == "signature_needed"


def test_a_code_is_used_by_one_person_and_signs_once(case: Case, other: Person) -> None:
    code = asked(case)
    one = cosigned(code, other)
    assert cosigned(code, other).signed_at == one.signed_at
    third = another("丙野　三", "99900000029")
    assert refusal(lambda: cosigned(code, third)) == "no_such_code"


def test_nobody_approves_while_a_signature_is_open_and_its_end_ends_the_wait(mother: Person, other: Person) -> None:
    case = sent(mother[0], written(mother[0], CARD_ONLY))
    asked(case)
    stepped(case, "accept", "pass_form")
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        assert refusal(lambda: stepped(case, "approve", actor=CHIEF)) == "cosignature_open"
    case.refresh_from_db()
    with clock.stopped_at(clock.now() + KEPT_FOR):
        assert "approve" in [one.action for one in stepped(case, "approve", actor=CHIEF).events.all()]


def test_a_co_signer_sees_no_address_no_account_no_free_text_and_no_file(mother: Person) -> None:
    made = written(mother[0], "seal-loss")
    answers = {"what_happened": "seal_lost", "contact": "架空市松町１番地"}
    save(
        actor=mother[0], draft=made.draft.public, token=made.token, page="you", applicant={"phone": "1"},
        answers=answers, people={},
    )  # fmt: skip
    made.draft.refresh_from_db()
    assert set(cosigned_answers(sent(mother[0], made))) == {"what_happened"}


def test_what_a_co_signer_signed_is_another_thing_after_a_change(case: Case, other: Person) -> None:
    one = cosigned(asked(case), other)
    assert one.signature["digest"] == cosigned_digest(case)
    case.answers = {"left_on": "2026-11-01"}
    assert one.signature["digest"] != cosigned_digest(case)
