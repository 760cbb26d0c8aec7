"""Signing on its page, alone and together; locked PINs, lapsed certificates (署名の画面の試験; issue 7, section 6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.operations import REGISTER, follow_register, renew_signature
from municipal.applicants.tests.holding import CLERK, SIGNATURE_PIN
from municipal.applications.models import Case, Draft
from municipal.applications.operations.signing import Verdict, verdict
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.filling import HERE, carded, filled, pinned, submitted, walked
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import enter

from .keeping import staff


@pytest.fixture
def mother(committed_db: str) -> Client:
    client = Client(raise_request_exception=False)
    carded(client)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_signature_is_asked_for_and_wrong_pins_lock_it_while_the_draft_stays(mother: Client) -> None:
    check = walked(mother, "pension-category")
    sign = mother.post(check)["Location"]
    assert "/sign?" in sign
    said = [text(pinned(mother, sign, pin="WRONG1")) for _ in range(5)]
    assert "あと4回" in said[0]
    assert "使えません" in said[4]
    locked = pinned(mother, sign)
    assert locked.status_code == 422
    assert "KIJUN2026" not in text(locked)
    with wall.within(TOWN):
        assert not Case.objects.exists()
        assert Draft.objects.get().answers
        Card.objects.update(failures_signature=0)
    assert mother.get(pinned(mother, sign)["Location"]).status_code == 200
    assert "/receipt" in pinned(mother, sign)["Location"]
    with wall.within(TOWN):
        case = Case.objects.get()
    shown = text(staff("applications.view").get(f"/cases/{case.pk}"))
    assert "署名は有効です" in shown
    assert case.signature["serial"] in shown


@pytest.mark.parametrize("said", [{"pin": ""}, {"number": "1"}, {"pin": "\0"}, {"number": "9" * 30, "pin": "x" * 40}])
def test_bad_input_on_the_signature_page_is_one_sentence(mother: Client, said: dict[str, str]) -> None:
    sign = mother.post(walked(mother, "pension-category"))["Location"]
    shown = pinned(mother, sign, **said)
    assert shown.status_code == 422
    assert "k-error-summary" in text(shown)


def test_a_certificate_that_lapsed_by_a_move_goes_on_after_renewal(mother: Client) -> None:
    sign = mother.post(walked(mother, "pension-category"))["Location"]
    card = mother.card  # type: ignore[attr-defined]
    with wall.within(TOWN):
        enter(ResidentRecord.objects.get(addressee=card.holder_id), clock.today(), address_lot="９９番地")
        follow_register(actor=REGISTER, people=[card.holder_id])
    lapsed = pinned(mother, sign)
    assert lapsed.status_code == 422
    assert "失効しています" in text(lapsed)
    with wall.within(TOWN):
        renew_signature(actor=CLERK, card=card)
    assert "/receipt" in pinned(mother, sign)["Location"]


def test_a_correction_of_a_signed_application_is_signed_on_its_page(mother: Client) -> None:
    signed = mother.post(walked(mother, "pension-category"))["Location"]
    pinned(mother, signed)
    with wall.within(TOWN):
        case = Case.objects.get()
        asked = next(field.name for field in case.asked.asks if field.name in case.answers)
        stepped(
            stepped(case, "accept"), "send_back", reason="確かめてください。", fields=[asked],
            correct_by=clock.today() + timedelta(days=7),
        )  # fmt: skip
    page = f"{HERE}/cases/{case.number}/correct"
    shown = mother.get(page)
    said = filled(shown.context["form"]) | {"sign-number": mother.card.number}  # type: ignore[attr-defined]
    assert "署名して訂正を出す" in text(shown)
    unsigned, wrong = mother.post(page, said), mother.post(page, said | {"sign-pin": "WRONG1"})
    assert (unsigned.status_code, wrong.status_code) == (422, 422)
    assert "署名用の暗証番号を入れてください" in text(unsigned)
    assert "あと4回" in text(wrong)
    assert "WRONG1" not in text(wrong)
    done = mother.post(page, said | {"sign-pin": SIGNATURE_PIN})
    assert done["Location"].startswith(f"{HERE}/cases/{case.number}")
    with wall.within(TOWN):
        case.refresh_from_db()
        assert verdict(Case.objects.get(pk=case.pk)) == Verdict.GOOD
        assert Card.objects.get(pk=mother.card.pk).failures_signature == 0  # type: ignore[attr-defined]
    assert len(case.signature["former"]) == 1


def test_somebody_signs_together_with_the_applicant(mother: Client) -> None:
    kept = submitted(mother, "nursery-status")
    case = f"{HERE}/cases/{kept['number']}"
    made = mother.post(f"{case}/cosigners", {"name": "乙野　介", "key": "one"})
    code = made.context["code"]
    assert len(code) == 12
    assert mother.post(f"{case}/cosigners", {"name": "乙野　介", "key": "one"}).context["code"] == ""
    assert mother.post(f"{case}/cosigners", {"name": " ", "key": "two"}).status_code == 422
    page = f"{HERE}/cosign"
    assert "/start?next=" in text(Client().get(page))
    assert mother.post(page, {"code": code}).status_code == 422
    other = Client(raise_request_exception=False)
    carded(other, name="乙野　介", resident_code="99900000010", address_block="竹町")
    assert other.post(page, {"code": "A" * 12}).status_code == 422
    seen = other.post(page, {"code": code})
    assert "甲野　花子" in text(seen)
    assert "松町" not in text(seen)
    assert pinned(other, page, code=code, pin="WRONG1").status_code == 422
    assert "署名しました" in text(pinned(other, page, code=code))
    assert "署名済み" in text(mother.get(case))
    with wall.within(TOWN):
        number = Case.objects.get().pk
    assert "有効" in text(staff("applications.view").get(f"/cases/{number}"))
