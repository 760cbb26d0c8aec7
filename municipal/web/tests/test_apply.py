"""A resident applies from home, looks at it, corrects it, withdraws it (オンライン申請の画面の試験)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.applications.models import Attachment, Case, Draft
from municipal.applications.operations import APPLICANT
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.filling import HERE, begun, filled, handed_in, picture, submitted, walked
from municipal.core import clock
from municipal.municipalities import wall

FIXED = {"phone": "000", "act": "next"}


@pytest.fixture
def resident(committed_db: str) -> Client:
    return Client(raise_request_exception=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def case_of(number: str) -> Case:
    with wall.within(TOWN):
        return Case.objects.get(number=number)


def looked(client: Client, kept: dict[str, str]) -> Any:
    """The page of a case, opened with its number and code."""
    return client.get(client.post(f"{HERE}/status", kept)["Location"])


def send_back(number: str, *fields: str) -> None:
    with wall.within(TOWN):
        case = Case.objects.get(number=number)
        stepped(
            stepped(case, "accept"), "send_back", reason="納め方を確かめてください。", fields=fields,
            correct_by=clock.today() + timedelta(days=7),
        )  # fmt: skip


def test_what_is_not_online_and_what_does_not_exist_is_not_found(resident: Client) -> None:
    lenient = Client(raise_request_exception=False)
    for path in (f"{HERE}/passport", f"{HERE}/nothing", "/apply/999999/move-out"):
        assert lenient.get(path).status_code == 404, path
    assert lenient.post(f"{HERE}/nothing").status_code == 404


def test_the_description_of_a_procedure_leads_to_its_form_where_there_is_one(resident: Client) -> None:
    page = f"/procedures/{TOWN}/entries"
    assert f'href="{HERE}/move-out?lang=ja"' in text(resident.get(f"{page}/move-out"))
    assert HERE not in text(resident.get(f"{page}/passport"))


def test_the_first_page_says_what_will_be_asked_and_begins_nothing(resident: Client) -> None:
    shown = text(resident.get(f"{HERE}/bulky-waste"))
    assert "申請をはじめる" in shown
    assert "聞くこと" in shown
    with wall.within(TOWN):
        assert not Draft.objects.exists()


def test_a_draft_is_nobody_else_s_and_no_other_town_s(resident: Client) -> None:
    page = begun(resident, "nursery-status").partition("?")[0]
    stranger = Client(raise_request_exception=False)
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, FIXED).status_code == 404
    assert stranger.get(page.replace("/pages/you", "/check")).status_code == 404
    assert resident.get(page.replace(str(TOWN), str(OTHER_TOWN))).status_code == 404
    with wall.within(TOWN):
        assert Draft.objects.get().applicant == {}


def test_what_was_written_is_there_when_the_browser_comes_back(resident: Client) -> None:
    page = begun(resident, "nursery-status")
    following = resident.post(page, FIXED)["Location"]
    cookies = resident.cookies
    later = Client()
    later.cookies = cookies
    assert 'value="000"' in text(later.get(page))
    assert later.get(following).status_code == 200


def test_good_answers_are_kept_although_another_one_is_wrong(resident: Client) -> None:
    page = resident.post(begun(resident, "dog-vaccination"), FIXED)["Location"]
    answer = resident.post(page, {"vaccinated_on": "いつか", "clinic": "みほん動物病院", "act": "next"})
    assert answer.status_code == 422
    assert "いつか" in text(answer)
    assert 'href="#id_vaccinated_on"' in text(answer)
    with wall.within(TOWN):
        kept = Draft.objects.get().answers
    assert kept == {"clinic": "みほん動物病院"}


def test_an_answer_brings_the_question_that_belongs_to_it_and_takes_it_away(resident: Client) -> None:
    page = resident.post(begun(resident, "nursery-status"), FIXED)["Location"]
    assert "change" not in resident.get(page).context["form"].fields
    again = resident.post(page, {"is_unchanged": "no", "act": "next"})["Location"]
    shown = resident.get(again)
    assert "質問が増えました" in text(shown)
    assert resident.post(again, {"is_unchanged": "no", "act": "next"}).status_code == 422
    onward = resident.post(again, {"is_unchanged": "no", "change": "job", "act": "next"})["Location"]
    assert page.partition("?")[0] not in onward
    resident.post(again, {"is_unchanged": "yes", "change": "job", "act": "next"})
    with wall.within(TOWN):
        assert Draft.objects.get().answers == {"is_unchanged": True}


def test_rows_are_added_and_removed_with_what_was_typed_still_there(resident: Client) -> None:
    page = resident.post(begun(resident, "school-aid"), FIXED)["Location"]
    name = {"pupils__0__name": "甲野　花", "pupils__rows": "1"}
    more = resident.post(page, name | {"act": "more:pupils"})
    assert more.status_code == 200
    assert "甲野　花" in text(more)
    assert "pupils__1__name" in more.context["form"].fields
    less = resident.post(page, name | {"pupils__rows": "2", "act": "less:pupils"})
    assert "pupils__1__name" not in less.context["form"].fields
    wild = resident.post(page, name | {"pupils__rows": "99999999999", "act": "more:pupils"})
    assert wild.status_code == 200


def test_a_wrong_file_is_refused_and_a_good_one_of_the_same_page_is_kept(resident: Client) -> None:
    page = resident.post(begun(resident, "disaster-certificate"), FIXED)["Location"]
    while "photographs" not in {one.question.name for one in resident.get(page).context["form"].sections}:
        page = resident.post(page, filled(resident.get(page).context["form"]))["Location"]
    said = filled(resident.get(page).context["form"])
    program = SimpleUploadedFile("photo.jpg", b"MZ not a picture", "image/jpeg")
    answer = resident.post(page, said | {"photographs": [SimpleUploadedFile("a.png", picture()), program]})
    assert answer.status_code == 422
    assert "写真（JPEG、PNG）かPDFではありません" in text(answer)
    with wall.within(TOWN):
        file = Attachment.objects.get()
        draft = file.draft
    assert draft is not None
    url = f"{HERE}/drafts/{draft.public}/files/{file.ref}"
    served = resident.get(url)
    assert served["Content-Type"] == "image/png"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert Client(raise_request_exception=False).get(url).status_code == 404
    resident.post(page, said | {"photographs": [], "act": f"detach:{file.ref}"})
    with wall.within(TOWN):
        assert not Attachment.objects.exists()


def test_an_unfinished_draft_cannot_be_submitted_by_hand(resident: Client) -> None:
    check = begun(resident, "nursery-status").replace("/pages/you", "/check")
    assert "この内容で申請する" not in text(resident.get(check))
    answer = resident.post(check)
    assert answer.status_code == 422
    assert "まだ答えていない質問があります" in text(answer)
    with wall.within(TOWN):
        assert not Case.objects.exists()


def test_submitting_twice_makes_one_case_and_leads_to_the_same_receipt(resident: Client) -> None:
    check = walked(resident, "nursery-status")
    one, other = handed_in(resident, check), handed_in(resident, check)
    assert one == other
    with wall.within(TOWN):
        assert Case.objects.count() == 1
    receipt = text(resident.get(one))
    assert "受付番号" in receipt
    paper = resident.get(one.partition("?")[0] + ".pdf")
    assert paper.content.startswith(b"%PDF-")
    # The form of a submitted draft is closed: its pages lead to the receipt.
    assert "/receipt" in resident.get(check.replace("/check", "/pages/you"))["Location"]


def test_a_case_is_opened_by_number_and_code_only(resident: Client) -> None:
    kept = submitted(resident, "nursery-status")
    stranger = Client(raise_request_exception=False)
    page = f"{HERE}/cases/{kept['number']}"
    assert stranger.get(page)["Location"].startswith(f"{HERE}/status")
    wrong = stranger.post(f"{HERE}/status", kept | {"code": "AAAA-AAAA-AAAA"})
    unknown = stranger.post(f"{HERE}/status", kept | {"number": "000000-0000-0000"})
    assert wrong.status_code == unknown.status_code == 422
    sentence = "受付番号か確認コードが違います"
    assert sentence in text(wrong)
    assert sentence in text(unknown)
    shown = text(looked(stranger, kept))
    assert "受付済み" in shown
    assert "甲野" not in shown
    # A cookie for one case opens no other.
    other = submitted(resident, "nursery-fee")
    assert stranger.get(f"{HERE}/cases/{other['number']}").status_code == 302


def test_only_what_was_sent_back_can_be_corrected(resident: Client) -> None:
    kept = submitted(resident, "nursery-fee")
    correct = f"{HERE}/cases/{kept['number']}/correct"
    looked(resident, kept)
    lenient = Client(raise_request_exception=False)
    lenient.cookies = resident.cookies
    assert lenient.get(correct).status_code == 404
    send_back(kept["number"], "method")
    shown = looked(resident, kept)
    assert "納め方を確かめてください。" in text(shown)
    form = resident.get(correct).context["form"]
    assert set(form.fields) == {"method"}
    assert resident.post(correct, {"act": "next"}).status_code == 422
    done = resident.post(correct, {"method": "slip", "name": "乙野", "act": "next"})
    assert done.status_code == 302
    case = case_of(kept["number"])
    assert (case.state, case.answers["method"], case.applicant["name"]) == ("form_check", "slip", "甲野　花子")


def test_a_corrected_answer_may_lead_to_another_question_on_the_spot(resident: Client) -> None:
    kept = submitted(resident, "nursery-status")
    send_back(kept["number"], "is_unchanged")
    looked(resident, kept)
    correct = f"{HERE}/cases/{kept['number']}/correct"
    asked = resident.post(correct, {"is_unchanged": "no", "act": "next"})
    assert asked.status_code == 422
    assert "change" in asked.context["form"].fields
    assert resident.post(correct, {"is_unchanged": "no", "change": "job", "act": "next"}).status_code == 302


def test_a_case_is_withdrawn_once_and_its_notice_is_a_paper(resident: Client) -> None:
    kept = submitted(resident, "nursery-fee")
    seen = looked(resident, kept).context["seen"]
    page = f"{HERE}/cases/{kept['number']}"
    assert resident.post(f"{page}/withdraw", {"seen": "x"}).status_code == 422
    assert resident.post(f"{page}/withdraw", {"seen": seen}).status_code == 302
    assert resident.post(f"{page}/withdraw", {"seen": seen}).status_code == 422
    assert case_of(kept["number"]).state == "withdrawn"
    other = submitted(resident, "nursery-fee")
    send_back(other["number"], "method")
    looked(resident, other)
    paper = resident.get(f"{HERE}/cases/{other['number']}/notice.pdf")
    assert paper.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("language", "word"), [("en", "About you"), ("ko", "신청하는 사람"), ("ja-easy", "あなたの こと")]
)
def test_the_form_speaks_the_language_that_was_chosen(resident: Client, language: str, word: str) -> None:
    first = text(resident.get(f"{HERE}/nursery-status?lang={language}"))
    assert word in first + text(resident.get(begun(resident, "nursery-status", language)))


def test_a_discarded_draft_is_gone(resident: Client) -> None:
    page = begun(resident, "nursery-status").partition("?")[0]
    draft = page.partition("/pages")[0]
    assert resident.post(f"{draft}/discard").status_code == 302
    with wall.within(TOWN):
        assert not Draft.objects.exists()
    assert Client(raise_request_exception=False).post(f"{draft}/discard").status_code == 404


def test_whoever_applies_is_known_to_the_audit_as_an_applicant_only() -> None:
    assert (APPLICANT.actor_kind, APPLICANT.actor_id) == ("resident", 0)
