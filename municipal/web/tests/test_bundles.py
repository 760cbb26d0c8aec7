"""One event, one form, one submission, several applications (ライフイベントの画面の試験; issue 7, section 1)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.applications.bundling.events import life_events
from municipal.applications.models import Attachment, Bundle, Case
from municipal.applications.tests.filling import carded, filled, picture, pinned
from municipal.municipalities import wall

HERE = f"/events/{TOWN}"
MOVE_OUT = {
    "way": "out", "on": "2026-12-20", "has_national_health_insurance": "yes", "has_child": "no", "has_pupil": "no",
    "has_seal": "yes", "uses_water": "yes", "has_moped": "no", "has_car": "no",
}  # fmt: skip


@pytest.fixture
def resident(committed_db: str) -> Client:
    return Client(raise_request_exception=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def planned(client: Client, event: str, said: dict[str, Any]) -> str:
    """The address of the plan after the questions were answered, as a browser would."""
    page = f"{HERE}/{event}"
    answers: dict[str, Any] = {}
    for _ in range(10):
        shown = client.get(page, answers | {"next": "1"})
        if shown.status_code == 302:
            return str(shown["Location"])
        for name, field in shown.context["form"].fields.items():
            choices = [str(value) for value, _label in getattr(field, "choices", [])]
            answers[name] = said.get(name, choices if field.__class__.__name__.startswith("Multiple") else "")
    raise AssertionError(f"{event} asks without end: {answers}")


def begun(client: Client, plan: str) -> str:
    shown = client.get(plan)
    chosen = [row["id"] for one in shown.context["sections"] if one["kind"] == "online" for row in one["rows"]]
    return str(client.post(plan, {"chosen": chosen})["Location"])


def typed(form: Any) -> dict[str, Any]:
    """What a browser sends of one page: every field filled; what is held, confirmed."""
    if hasattr(form, "sections"):
        return filled(form)
    said = {name: "yes" for name in form.fields if name.startswith("right__")}
    return said | {name: "書いた" for name, field in form.fields.items() if field.required and name not in said}


def walked(client: Client, page: str) -> str:
    for _ in range(40):
        if "/check" in page:
            return page
        shown = client.get(page)
        assert shown.status_code == 200, page
        sent = client.post(page, typed(shown.context["form"]))
        assert sent.status_code == 302, (page, shown.context["form"].fields, sent.context["form"].errors)
        page = str(sent["Location"])
    raise AssertionError("the form never ends")


EVENTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "birth": (
        {"stage": "born", "on": "2026-11-25", "babies_born": "2", "has_child_allowance": "no",
         "is_public_servant": "no",
         "baby_joins_nhi": "yes", "wants_nursery": "yes"},
        ["birth", "birth", "child-allowance", "child-medical", "nhi-join", "nhi-birth-lump-sum", "birth-contact",
         "birth-contact", "nursery-certification", "nursery-application"],
    ),
    "death": (
        {"on": "2026-11-20", "learned_on": "2026-11-20", "deceased": "none", "insurance": "nhi",
         "was_head_of_household": "yes", "has_care_insurance": "yes", "has_child_allowance": "no", "has_pension": "yes",
         "has_seal": "yes", "has_property": "yes", "has_estate": "no", "has_debts": "no", "had_water_contract": "yes",
         "has_dog": "yes", "has_car": "no"},
        ["household-change", "nhi-loss", "nhi-funeral", "property-heirs", "water-name", "dog-registration"],
    ),
    "care": (
        {"request": "new", "uses_services": "yes", "enters_facility": "yes", "needs_home_works": "yes",
         "bought_equipment": "yes", "paid_much": "yes", "card_lost": "yes"},
        ["care-certification", "care-plan", "care-limit", "home-modification", "welfare-equipment", "care-high-cost",
         "care-card-reissue"],
    ),
    "marriage": (
        {"on": "2026-12-01", "home": "within", "changes_name": "yes", "wants_former_name": "yes",
         "became_dependant": "yes", "uses_water": "yes"},
        ["move-within", "nhi-loss", "water-name"],
    ),
    "moving": (
        {"way": "in", "on": "2026-11-20", "from_abroad": "no", "has_national_health_insurance": "yes",
         "has_child": "yes", "has_pupil": "yes", "wants_nursery": "yes", "has_care_certification": "yes",
         "has_individual_number_card": "yes", "wants_seal": "yes", "uses_water": "yes", "has_dog": "yes",
         "has_moped": "yes", "has_car": "yes"},
        ["move-in", "nhi-join", "child-allowance", "child-medical", "nursery-certification", "nursery-application",
         "school-transfer", "care-certificate-transfer", "seal-registration", "water-start", "dog-registration",
         "moped-registration"],
    ),
}  # fmt: skip


def test_every_event_is_planned_written_and_handed_in_as_one(resident: Client) -> None:
    """Every form of every event fills in, the answers of the event included, and all of it is accepted."""
    carded(resident)
    for event, (said, procedures) in EVENTS.items():
        check = walked(resident, begun(resident, planned(resident, event, said)))
        shown = resident.get(check)
        assert shown.context["is_complete"], (event, [row for row in shown.context["rows"] if row["is_wrong"]])
        receipt = pinned(resident, str(resident.post(check)["Location"]))
        assert receipt.status_code == 302, (event, receipt.context["form"].errors)
        with wall.within(TOWN):
            made = list(Case.objects.filter(bundle=Bundle.objects.order_by("pk").last()).order_by("pk"))
            assert [case.procedure for case in made] == procedures, event
        page = text(resident.get(receipt["Location"]))
        assert all(case.number in page for case in made)
    assert "まとめて出した申請" in text(resident.get(f"/apply/{TOWN}/cases/{made[0].number}"))


# Who sees what.


def test_a_guest_reads_and_prints_a_plan_without_a_word_of_any_register(resident: Client) -> None:
    """Guests see the plan; to hand in what needs a card they are sent to sign in, and their answers stay."""
    plan = planned(resident, "moving", MOVE_OUT)
    shown = resident.get(plan)
    assert shown.context["so_far"]
    assert not any(row["is_known"] for row in shown.context["so_far"])
    assert f"/me/{TOWN}/start?next=" in text(shown)
    assert "has_national_health_insurance" in shown.context["way_in"]
    paper = resident.get(plan.replace("/plan?", "/plan.pdf?"))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    refused = resident.post(plan, {"chosen": ["move-out"]})
    assert refused.status_code == 422
    with wall.within(TOWN):
        assert not Bundle.objects.exists()


def test_what_needs_no_card_is_handed_in_by_a_guest_with_a_code_for_each(resident: Client) -> None:
    plan = planned(resident, "moving", MOVE_OUT | {"has_national_health_insurance": "no", "has_seal": "no"})
    page = str(resident.post(plan, {"chosen": ["water-stop"]})["Location"])
    check = walked(resident, page)
    receipt = resident.get(resident.post(check)["Location"])
    row = receipt.context["cases"][0]
    assert row["code"]
    assert row["code"] in text(receipt)
    opened = resident.post(f"/apply/{TOWN}/status", {"number": row["number"], "code": row["code"]})
    assert opened.status_code == 302
    assert row["number"] in opened["Location"]
    paper = resident.get(str(receipt.request["PATH_INFO"]) + "/receipt.pdf")
    assert paper.status_code == 200
    # The same button again, and the pages of the form: they lead to the receipt.
    assert resident.post(check)["Location"].startswith(str(receipt.request["PATH_INFO"]))
    assert resident.get(page).status_code == 302
    assert Client().get(str(receipt.request["PATH_INFO"])).status_code == 404


def test_addresses_that_lead_nowhere_and_hostile_answers_are_answered_calmly(resident: Client) -> None:
    lenient = Client(raise_request_exception=False)
    for path in (f"{HERE}/nothing", f"{HERE}/moving/nothing", "/events/999999/moving", f"{HERE}/work"):
        assert lenient.get(path).status_code == 404, path
    unknown = "00000000-0000-4000-8000-000000000000"
    for name in ("", "/check", "/sign", "/receipt.pdf", "/pages/you", f"/files/{unknown}"):
        assert lenient.get(f"{HERE}/bundles/{unknown}{name}").status_code == 404, name
    assert lenient.post(f"{HERE}/bundles/{unknown}/discard").status_code == 404
    hostile = {"way": ["out", "\0", "x" * 5000], "on": "<script>", "movers": ["1", "2"], "for": "9", "next": "1"}
    answer = lenient.get(f"{HERE}/moving", hostile)
    assert answer.status_code == 422
    assert "<script>" not in text(answer)
    assert lenient.get(f"{HERE}/moving/plan", {"way": "out"}).status_code == 302
    assert lenient.get(f"{HERE}/moving/plan.pdf", {"way": "out"}).status_code == 302


def test_another_account_opens_nothing_and_a_session_that_ended_is_sent_to_sign_in(resident: Client) -> None:
    carded(resident)
    page = begun(resident, planned(resident, "moving", MOVE_OUT))
    other = Client(raise_request_exception=False)
    assert other.get(page).status_code == 401, "nobody is signed in"
    carded(other, name="乙野　介", resident_code="99900000010")
    for path in (page, page.replace("/pages/you", "/check"), page.partition("/pages/")[0]):
        assert other.get(path).status_code == 404, path
    assert resident.get(page).status_code == 200


def test_one_file_goes_to_every_application_that_needs_it_and_off_again(resident: Client) -> None:
    carded(resident)
    said, _procedures = EVENTS["birth"]
    page = begun(resident, planned(resident, "birth", said))
    papers = page.replace("/pages/you", "/pages/papers")
    shown = resident.get(papers)
    assert shown.status_code == 200, "no document is missing"
    name = next(name for section in shown.context["form"].sections for name, _label in section.files)
    sent = resident.post(papers, {name: SimpleUploadedFile("写真.png", picture()), "act": "stay"})
    assert sent.status_code == 302
    with wall.within(TOWN):
        ref = Attachment.objects.get(draft__bundle=Bundle.objects.get()).ref
    base = page.partition("/pages/")[0]
    assert resident.get(f"{base}/files/{ref}")["Content-Type"] == "image/png"
    bad = resident.post(papers, {name: SimpleUploadedFile("写真.png", b"no picture"), "act": "stay"})
    assert bad.status_code == 422
    resident.post(papers, {"act": f"detach:{ref}"})
    resident.post(papers, {"act": "detach:nonsense"})
    with wall.within(TOWN):
        assert not Attachment.objects.exists()


def test_the_tiles_lead_to_the_events_in_four_languages_from_the_question_to_the_plan(resident: Client) -> None:
    """Nothing of an event is left in Japanese for whoever reads another language."""
    assert f'href="{HERE}/moving?lang=ja"' in text(resident.get(f"/procedures/{TOWN}"))
    assert f'href="{HERE}/death?lang=ja"' in text(resident.get(f"/procedures/{TOWN}/guide?event=death"))
    event = life_events()["care"]
    for language in ("ja", "ja-easy", "en", "ko"):
        assert event.title.said(language) in text(resident.get(f"{HERE}?lang={language}"))
        page = text(resident.get(f"{HERE}/care?lang={language}"))
        assert event.title.said(language) in page
        assert event.questions[0].label.said(language) in page
        plan = resident.get(f"{HERE}/care/plan", EVENTS["care"][0] | {"lang": language})
        assert plan.status_code == 200
        assert event.questions[2].short.said(language) in text(plan)
        paper = resident.get(f"{HERE}/care/plan.pdf", EVENTS["care"][0] | {"lang": language})
        assert paper.content.startswith(b"%PDF-")
