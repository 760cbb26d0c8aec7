"""Writing and submitting an application (下書きと提出の試験)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings

from municipal.applications.keys import code_of
from municipal.applications.models import Attachment, Case, Draft
from municipal.applications.operations import APPLICANT, attach, begin, case_of, detach, discard, draft_of, save, submit
from municipal.applications.rules.attachments import MOST_FILES
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .acting import YOU, a_case, a_draft
from .filling import picture

pytestmark = pytest.mark.usefixtures("town")
LEFT = {"left_on": "2026-11-20"}


def refusing(_content: bytes) -> bool:
    """A scanner that finds something in everything."""
    return False


def refused(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(actor=APPLICANT, **said)
    return found.value.code


def test_what_is_not_offered_online_cannot_be_begun() -> None:
    assert refused(begin, procedure="nhi-loss-by-magic", language="ja") == "not_online"
    assert refused(begin, procedure="passport", language="ja") == "not_online"


def test_a_draft_opens_with_its_own_secret_only_and_for_thirty_days() -> None:
    one, other = a_draft("pension-category"), a_draft("pension-category")
    assert draft_of(one.draft.public, one.token).pk == one.draft.pk
    for token in ("", other.token, one.draft.token_digest):
        with pytest.raises(Refused):
            draft_of(one.draft.public, token)
    with clock.stopped_at(clock.now() + timedelta(days=31)), pytest.raises(Refused):
        draft_of(one.draft.public, one.token)


def test_expired_drafts_are_swept_away_with_their_files_when_somebody_begins() -> None:
    old = a_draft("pension-category")
    attach(actor=APPLICANT, to=old.draft, field="evidence-leaving-certificate", name="a.png", content=picture())
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        a_draft("care-plan")
    assert Draft.objects.count() == 1
    assert not Attachment.objects.exists()


def test_an_incomplete_draft_is_refused_and_stays_as_it_is() -> None:
    made = a_draft("pension-category")
    assert refused(submit, draft=made.draft.public, token=made.token) == "incomplete"
    nobody = a_draft("pension-category", LEFT, applicant={"name": "甲野"})
    assert refused(submit, draft=nobody.draft.public, token=nobody.token) == "incomplete"
    assert not Case.objects.exists()
    assert Draft.objects.get(pk=nobody.draft.pk).answers == LEFT


def test_a_draft_submitted_twice_is_one_case_and_keeps_no_answers() -> None:
    made = a_draft("pension-category", LEFT)
    one = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
    again = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
    assert one.pk == again.pk
    assert one.answers == LEFT
    left = Draft.objects.get(pk=made.draft.pk)
    assert (left.answers, left.applicant, left.people) == ({}, {}, {})
    assert refused(
        save, draft=made.draft.public, token=made.token, page="you", applicant=YOU, answers=LEFT, people={}
    ) == "sent_already"  # fmt: skip
    assert refused(discard, draft=made.draft.public, token=made.token) == "sent_already"


def test_a_case_is_due_after_ten_days_on_which_the_office_is_open() -> None:
    with clock.stopped_at(datetime(2026, 12, 25, 12, tzinfo=clock.TOKYO)):
        assert a_case("pension-category", LEFT).due_on == date(2027, 1, 15)


def test_a_case_keeps_the_wording_that_the_applicant_saw() -> None:
    case = a_case("pension-category", LEFT)
    assert case.asked.id == "pension-category"
    assert case.entry["version"] == case.version
    assert case.events.get().action == "submit"


def test_a_case_opens_with_number_and_code_and_with_neither_alone() -> None:
    made = a_draft("pension-category", LEFT)
    case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
    code = code_of(made.token)
    assert case_of(case.number, code).pk == case.pk
    assert case_of(case.number.replace("-", ""), code.lower()).pk == case.pk
    said = set()
    for number, typed in ((case.number, "AAAA-AAAA-AAAA"), ("000000-0000-0000", code), ("", ""), (case.number, "")):
        with pytest.raises(Refused) as found:
            case_of(number, typed)
        said.add(found.value.sentence)
    assert len(said) == 1


def test_files_go_from_the_draft_to_the_case_and_are_answers_where_they_were_asked() -> None:
    answers = {"place": "架空市1", "contact": "000"}
    made = a_draft("disaster-certificate", answers)
    assert refused(submit, draft=made.draft.public, token=made.token) == "incomplete"
    file = attach(actor=APPLICANT, to=made.draft, field="photographs", name="a.png", content=picture())
    twice = attach(actor=APPLICANT, to=made.draft, field="photographs", name="b.png", content=picture())
    assert twice.pk == file.pk
    case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
    assert case.answers["photographs"] == [str(file.ref)]
    assert case.attachments.get().draft is None


def test_a_file_is_taken_off_its_own_draft_only() -> None:
    made, other = a_draft("disaster-certificate"), a_draft("disaster-certificate")
    file = attach(actor=APPLICANT, to=made.draft, field="photographs", name="a.png", content=picture())
    detach(actor=APPLICANT, draft=other.draft.public, token=other.token, ref=file.ref)
    assert made.draft.attachments.count() == 1
    detach(actor=APPLICANT, draft=made.draft.public, token=made.token, ref=file.ref)
    assert made.draft.attachments.count() == 0


def test_too_many_files_are_refused() -> None:
    made = a_draft("disaster-certificate")
    made.draft.attachments.bulk_create(
        Attachment(
            draft=made.draft, field="photographs", name="x", kind="PNG", size=1, sha256=str(at), content=b"x",
            added_at=clock.now(),
        )
        for at in range(MOST_FILES)
    )  # fmt: skip
    assert refused(
        attach, to=made.draft, field="photographs", name="a", content=picture()
    ) == "too_many_attachments"  # fmt: skip


@override_settings(KIJUN_ATTACHMENT_SCANNER="municipal.applications.tests.test_drafting.refusing")
def test_the_town_s_own_scanner_has_the_last_word() -> None:
    made = a_draft("disaster-certificate")
    assert refused(
        attach, to=made.draft, field="photographs", name="a", content=picture()
    ) == "attachment_infected"  # fmt: skip
    assert not Attachment.objects.exists()


def test_a_discarded_draft_is_gone_with_its_files() -> None:
    made = a_draft("disaster-certificate")
    attach(actor=APPLICANT, to=made.draft, field="photographs", name="a.png", content=picture())
    discard(actor=APPLICANT, draft=made.draft.public, token=made.token)
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert refused(discard, draft=uuid4(), token=made.token) == "no_draft"


def test_nothing_is_begun_outside_of_a_town(town: int) -> None:
    assert wall.current() == town
    assert a_draft("care-plan").draft.municipality_id == town
