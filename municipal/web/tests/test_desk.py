"""Counter mode by the screen: found, asked, checked, signed, handed in (窓口受付の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.applications.models import Case, Draft, Reception
from municipal.applications.tests.filling import picture
from municipal.applications.tests.receiving import FAMILY, HOME, IDENTITY, PHONE, family
from municipal.audit.models import Entry, Kind
from municipal.core import clock
from municipal.core.actors import System
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents import inquiry
from municipal.residents.models import Received, ResidentRecord

from .desk_forms import form_of, has
from .entering import signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        with wall.within(TOWN):
            Received.objects.update(closed_because="研修用")
            family()
        yield signed_in("counter")


def opened(clerk: Client, **said: str) -> str:
    """A reception; the beginning of the addresses of its pages."""
    answer = clerk.post("/desk/open", {"key": f"k{len(said)}{said}"[:40]} | said)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"]).rpartition("/")[0]


def of_family(clerk: Client) -> str:
    (found,) = clerk.get("/desk").context["families"]
    assert found["count"] == 4
    return opened(clerk, received=found["ids"])


def asked(clerk: Client, desk: str, typed: dict[str, str], ticked: dict[str, list[str]]) -> tuple[Any, int]:
    """The page of questions, filled; the answer, and how many boxes were typed in."""
    form = form_of(clerk.get(f"{desk}/ask"))
    assert set(typed) <= set(form.empty), set(typed) - set(form.empty)
    assert set(ticked) <= set(form.choices), set(ticked) - set(form.choices)
    answer = clerk.post(f"{desk}/ask", form.sent | {"act": "next"} | typed | ticked)
    return answer, len(typed)


def person(is_alone: bool = False) -> Addressee:
    with wall.within(TOWN):
        for row in inquiry.latest().filter(status="1").select_related("addressee", "household"):
            living = [one for one in inquiry.members(row.household) if one["status"] == "1"]
            if (len(living) == 1) == is_alone and not any(one["is_protected"] for one in living):
                return row.addressee
    raise LookupError


def test_without_the_permission_no_page_opens_and_no_cookie_helps(clerk: Client) -> None:
    desk = of_family(clerk)
    nobody = browser_of(somebody("applications.view", "applications.work", "residents.view", login_name="other"))
    for page in ("plan", "ask", "check", "shown", "done", "forms.pdf"):
        assert nobody.get(f"{desk}/{page}").status_code == 403, page
    assert nobody.get("/desk").status_code == 403
    with wall.within(TOWN):
        draft = Draft.objects.filter(channel="counter").first()
        assert draft is not None
    stranger = Client()
    stranger.cookies["kijun_draft"] = str(draft.public)
    assert stranger.get(f"/apply/{TOWN}/drafts/{draft.public}/check").status_code == 404


def test_another_town_sees_no_reception(clerk: Client) -> None:
    desk = of_family(clerk)
    other = browser_of(somebody("applications.counter", town=OTHER_TOWN, login_name="elsewhere"))
    for page in ("plan", "ask", "check", "shown", "done"):
        assert other.get(f"{desk}/{page}").status_code in (404, 409), page


@pytest.mark.parametrize("said", [{"number": "123"}, {"received_on": "yesterday"}, {"channel": "online"},
                                  {"received_on": "R9.1.1"}, {"number": "９" * 10}])  # fmt: skip
def test_bad_input_begins_nothing(clerk: Client, said: dict[str, str]) -> None:
    assert clerk.post("/desk/open", {"key": "k"} | said).status_code in (404, 409, 422)
    with wall.within(TOWN):
        assert Reception.objects.count() == 0


def chosen_by(clerk: Client, desk: str, *codes: str) -> None:
    form = form_of(clerk.get(f"{desk}/plan"))
    assert clerk.post(f"{desk}/plan", form.sent | {"chosen": codes})["Location"] == f"{desk}/ask"


def test_what_is_ticked_follows_from_the_answers(clerk: Client) -> None:
    desk = of_family(clerk)
    plan = clerk.get(f"{desk}/plan")
    form = form_of(plan)
    assert set(form.sent["chosen"]) == {"move-in", "child-allowance", "child-medical", "school-transfer"}
    assert "令和8年12月4日" in text(plan)
    looked = clerk.post(f"{desk}/plan", form.sent | {"look": "1", "q-has_national_health_insurance": "yes"})
    assert "nhi-join" in form_of(looked).sent["chosen"]
    faults: list[dict[str, Any]] = [{"look": "1", "q-way": "through"}, {"look": "1", "day": "never"}, {"chosen": []}]
    for wrong in faults:
        assert clerk.post(f"{desk}/plan", form.sent | wrong).status_code == 422, wrong


def of_the_family_asked(clerk: Client, desk: str) -> int:
    """Everything that no source holds is typed or ticked; how many boxes were typed in."""
    page = clerk.get(f"{desk}/ask")
    assert has(page, *(name for name, *_rest in FAMILY))
    assert "見本通" not in text(page)
    keys, wishes = (form_of(page).choices[name] for name in ("who-by", "school-transfer-wish"))
    account = {"bank": "0001", "branch": "001", "number": "1234567", "holder": "オツノ　イチロウ"}
    answer, typed = asked(
        clerk, desk,
        {"who-address": HOME, "who-phone": PHONE}
        | {f"child-medical-account__{name}": said for name, said in account.items()},
        {"move-in-notifier": ["head"], "child-medical-guardian__member": [keys[0]],
         "child-medical-account__kind": ["ordinary"], "school-transfer-pupils__member": [keys[2]],
         "school-transfer-wish": wishes[:1]},
    )  # fmt: skip
    assert answer["Location"] == f"{desk}/check", text(answer)
    return typed


def test_a_family_of_four_moves_in_and_no_more_is_typed_than_no_source_holds(clerk: Client) -> None:
    desk = of_family(clerk)
    chosen_by(clerk, desk, "move-in", "child-medical", "school-transfer")
    typed = of_the_family_asked(clerk, desk)
    ready = clerk.get(f"{desk}/check")
    assert ready.context["missing"] == []
    assert clerk.post(f"{desk}/check", {"key": "k"}).status_code == 422
    for key in ("k1", "k2"):
        assert clerk.post(f"{desk}/check", {"key": key} | IDENTITY)["Location"] == f"{desk}/done"
    done = clerk.get(f"{desk}/done")
    counts = done.context["counts"]
    assert f"入力 {counts['typed']} / 選択 {counts['ticked']} / 引用 {counts['taken']}" in text(done)
    # The measure: boxes that were typed in, against values that no source holds.
    assert typed == counts["typed"] == 6
    assert counts["typed"] <= counts["without_source"]
    assert counts["taken"] == 28
    with wall.within(TOWN):
        cases = {case.procedure: case for case in Case.objects.filter(channel="counter")}
        reception = Reception.objects.get()
    assert set(cases) == {"move-in", "child-medical", "school-transfer"}
    assert cases["move-in"].answers["moved_on"] == "2026-11-20"
    pupil = dict(zip(("name", "kana", "born_on"), FAMILY[2], strict=False))
    assert cases["school-transfer"].people == {"pupils-0": pupil}
    assert (reception.identity_check, reception.agreed) == ("photo_document", "screen")
    assert clerk.get(f"{desk}/forms.pdf")["Content-Type"] == "application/pdf"
    assert "顔写真付きの書類（1点）" in text(clerk.get(f"/cases/{cases['move-in'].pk}"))


def test_the_turned_screen_shows_everything_and_no_menu_in_four_languages(clerk: Client) -> None:
    desk = of_family(clerk)
    chosen_by(clerk, desk, "move-in")
    for language in ("ja", "ja-easy", "en", "ko", "xx"):
        large = clerk.get(f"{desk}/shown?lang={language}")
        assert has(large, *(name for name, *_rest in FAMILY))
        assert "k-nav" not in large.content.decode()
    assert "Please check the content" in text(clerk.get(f"{desk}/shown?lang=en"))


def test_a_resident_is_asked_for_nothing_that_the_register_says(clerk: Client) -> None:
    who = person()
    desk = opened(clerk, number=who.number, code="seal-certificate")
    page = clerk.get(f"{desk}/ask")
    assert "who-address" not in form_of(page).sent
    answer, _typed = asked(clerk, desk, {"who-phone": PHONE, "seal-certificate-copies": "2"}, {})
    assert answer["Location"] == f"{desk}/check", text(answer)
    assert clerk.post(f"{desk}/check", {"key": "k"} | IDENTITY).status_code == 302
    with wall.within(TOWN):
        case = Case.objects.get(procedure="seal-certificate")
        seen = Entry.objects.filter(kind=Kind.DISCLOSURE, act="applications.desk")
        assert any(who.pk in one.subjects for one in seen)
    assert case.about_id == who.pk
    assert "address" not in case.applicant


def test_the_address_of_a_protected_person_is_nowhere(clerk: Client) -> None:
    who = person(is_alone=True)
    with wall.within(TOWN):
        row = ResidentRecord.objects.filter(addressee=who).order_by("-serial").first()
        assert row is not None
        protect(actor=System("test"), addressee=who, starts_on=clock.today(), ends_on=None, is_own=True)
    secret = [getattr(row, f"address_{part}") for part in ("lot", "building")]
    desk = opened(clerk, number=who.number, code="seal-certificate")
    asked(clerk, desk, {"who-phone": PHONE, "seal-certificate-copies": "2"}, {})
    paths = [f"/desk?q={who.number}", *(f"{desk}/{page}" for page in ("plan", "ask", "check", "shown"))]
    pages = [clerk.get(path) for path in paths]
    for page in pages:
        assert has(page, row.name)
        assert not any(one and has(page, one) for one in secret)
    assert clerk.post(f"{desk}/check", {"key": "k"} | IDENTITY).status_code == 302
    with wall.within(TOWN):
        case = Case.objects.get(procedure="seal-certificate")
    assert not any(one and one in str([case.applicant, case.filled]) for one in secret)


def test_a_letter_is_taken_in_with_its_scan_and_counts_from_its_day(clerk: Client) -> None:
    desk = opened(clerk, channel="paper", received_on="R8.11.2", code="bulky-waste")
    page = form_of(clerk.get(f"{desk}/ask"))
    wrong = page.sent | {"act": "next", "paper-scan": SimpleUploadedFile("a.png", b"MZ no picture")}
    assert clerk.post(f"{desk}/ask", wrong).status_code == 422
    said = {"who-name": "紙野　一", "who-phone": PHONE, "bulky-waste-collect_on": "R8.12.1",
            "bulky-waste-items__0__item": "いす"}  # fmt: skip
    sent = page.sent | {"act": "next", "paper-scan": SimpleUploadedFile("a.png", picture())} | said
    sent |= {name: values[:1] for name, values in page.choices.items() if name.startswith("bulky-waste")}
    sent |= {name: "1" for name in page.empty if "count" in name or "number" in name}
    answer = clerk.post(f"{desk}/ask", sent)
    assert answer["Location"] == f"{desk}/check", text(answer)
    ready = clerk.get(f"{desk}/check")
    assert ready.context["missing"] == [], ready.context["missing"]
    agreed = {"key": "k", "identity_check": "not_checked", "agreed": "posted"}
    assert clerk.post(f"{desk}/check", {**agreed, "agreed": "screen"}).status_code == 422
    assert clerk.post(f"{desk}/check", agreed).status_code == 302
    with wall.within(TOWN):
        case = Case.objects.get(channel="paper")
        assert case.attachments.get().field == "paper-scan"
    assert str(case.due_on) < "2026-11-18"


def test_a_reception_is_given_up(clerk: Client) -> None:
    desk = of_family(clerk)
    assert clerk.post(f"{desk}/drop").status_code == 302
    assert clerk.get(f"{desk}/ask").status_code == 409
    with wall.within(TOWN):
        assert Draft.objects.filter(channel="counter").count() == 0


def test_a_simulated_card_opens_its_holder_and_an_unknown_one_nobody(clerk: Client) -> None:
    assert clerk.post("/desk/card", {"key": "k", "card": "000000000000"}).status_code == 422


def test_blank_forms_for_every_procedure_that_asks_anything(clerk: Client) -> None:
    assert clerk.get("/desk/blank/move-in.pdf")["Content-Type"] == "application/pdf"
    for code in ("passport", "no-such"):
        assert clerk.get(f"/desk/blank/{code}.pdf").status_code == 404


def test_figures_by_channel(clerk: Client) -> None:
    desk = opened(clerk, number=person().number, code="seal-certificate")
    asked(clerk, desk, {"who-phone": PHONE, "seal-certificate-copies": "2"}, {})
    clerk.post(f"{desk}/check", {"key": "k"} | IDENTITY)
    page = clerk.get("/cases/statistics")
    (row,) = [one for one in page.context["rows"] if one[1] == "窓口"]
    assert row[2:5] == [1, 1, 0]
    lines = clerk.get("/cases/statistics.csv?since=R8.11.1").content.decode("utf-8-sig").splitlines()
    assert re.match("手続,経路,受付", lines[0])
    assert len(lines) == 2
    assert clerk.get("/cases/statistics.csv?until=R8.11.1").content.decode("utf-8-sig").count("\n") == 1
    assert clerk.get("/cases/statistics?since=x").status_code == 422
