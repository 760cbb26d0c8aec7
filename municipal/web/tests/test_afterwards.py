"""What comes after an application, on the pages: messages, looks, charges, my data (その後の画面の試験; issue 7)."""

import io
import json
from datetime import datetime
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee, Protection
from municipal.applicants.models import Applicant
from municipal.applicants.operations import end_delegation
from municipal.applicants.tests.holding import CLERK
from municipal.applications.models import Case, Message, Telling
from municipal.applications.operations.messaging import write
from municipal.applications.tasks import forget_here
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.filling import HERE, carded, submitted
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.models import Slip
from municipal.payments.tests.booking import charged, collected, slip_of

from .holding import ME
from .keeping import key_in, staff
from .test_fees_pages import delivered
from .test_me_cases import given, stranger, text

OLD = datetime(2022, 5, 1, 12, tzinfo=clock.TOKYO)
HELLO = "窓口は何時までですか。"
PAGES = ("messages", "disclosures", "disclosures.csv", "charges", "data")
WORK = ("applications.view", "applications.work", "applications.decide")


@pytest.fixture
def mother(committed_db: str) -> Client:
    client = Client(raise_request_exception=False)
    carded(client)
    return client


def person_of(client: Client) -> Addressee:
    found: Addressee = client.card.holder  # type: ignore[attr-defined]
    return found


def case_of(kept: dict[str, str]) -> Case:
    return Case.objects.get(number=kept["number"])


def test_both_sides_write_once_each_and_nobody_else_does(mother: Client) -> None:
    kept = submitted(mother, "nursery-status")
    page, clerk, other, key = f"{HERE}/cases/{kept['number']}", staff(*WORK), stranger(), uuid4().hex
    for bad in (
        {"text": ""},
        {"text": "あ" * 2001},
        {"text": HELLO, "attachment": str(uuid4())},
        {"text": HELLO, "key": ""},
    ):
        assert mother.post(f"{page}/messages", {"key": uuid4().hex} | bad).status_code == 422, bad
    before = _count()
    for _twice in range(2):
        assert mother.post(f"{page}/messages", {"text": HELLO, "key": key}).status_code == 302
    assert _count() == before + 1, "pressed twice it is one message"
    assert mother.post(f"{page}/messages", {"text": "別の文", "key": key}).status_code == 422
    for stranger_s in (other, Client()):
        assert stranger_s.post(f"{page}/messages", {"text": HELLO, "key": uuid4().hex}).status_code == 404
    with wall.within(TOWN):
        number = case_of(kept).pk
    shown = clerk.get(f"/cases/{number}")
    assert HELLO in text(shown)
    assert "既読" in text(mother.get(page)), "the clerk has seen it"
    reply = {"text": "5時15分までです。<b>", "key": f"{key_in(shown)}-message"}
    for _twice in range(2):
        assert clerk.post(f"/cases/{number}/messages", reply).status_code == 302
    assert clerk.post(f"/cases/{number}/messages", {"text": "", "key": uuid4().hex}).status_code == 422
    assert staff("applications.view", login="viewer").post(f"/cases/{number}/messages", reply).status_code == 403
    assert _count() == before + 2
    assert "新着 1件" in text(mother.get(f"{ME}/messages"))
    assert "5時15分までです。&lt;b&gt;" in text(mother.get(page))
    assert "新着" not in text(mother.get(f"{ME}/messages"))
    assert kept["number"] not in text(other.get(f"{ME}/messages"))


def _count() -> int:
    with wall.within(TOWN):
        return Message.objects.count()


def test_a_letter_waits_for_the_clerk_and_is_posted_once(mother: Client) -> None:
    kept, clerk = submitted(mother, "nursery-status"), staff(*WORK)
    with wall.within(TOWN):
        write(actor=CLERK, case=case_of(kept).pk, text=HELLO)
        stepped(stepped(case_of(kept), "accept"), "refuse_form", reason="印がありません。")
    delivered()
    listed = clerk.get("/cases/letters")
    assert text(listed).count(kept["number"]) >= 2
    assert "メッセージ" in text(listed)
    assert "通知書（PDF）" in text(listed)
    with wall.within(TOWN):
        one = Telling.objects.order_by("pk")[0]
    for _twice in range(2):
        said = {"key": f"{key_in(listed)}-{one.pk}"}
        assert clerk.post(f"/cases/letters/{one.pk}/posted", said).status_code == 302
    assert clerk.post(f"/cases/letters/{one.pk}/posted", {"key": uuid4().hex}).status_code in (409, 422)
    assert staff("payments.view", login="viewer").get("/cases/letters").status_code == 403
    with wall.within(TOWN):
        number = case_of(kept).pk
    assert "保存期間" in text(clerk.get(f"/cases/{number}"))
    for reason, path in (("審査請求", "hold"), ("", "hold/lift")):
        assert clerk.post(f"/cases/{number}/{path}", {"reason": reason, "key": uuid4().hex}).status_code == 302
        assert ("争訟中の印があります。" in text(clerk.get(f"/cases/{number}"))) == bool(reason)
    assert clerk.post(f"/cases/{number}/hold", {"reason": "", "key": uuid4().hex}).status_code in (409, 422)


def test_looks_at_my_record_are_told_to_me_alone_without_names(mother: Client) -> None:
    kept, clerk, other = submitted(mother, "nursery-status"), staff(*WORK, name="乙野　職員"), stranger()
    with wall.within(TOWN):
        number = case_of(kept).pk
    clerk.get(f"/cases/{number}")
    residents = staff("residents.search", "residents.view", login="desk", name="丙野　職員")
    residents.get(f"/residents/{person_of(mother).number}")
    shown = text(mother.get(f"{ME}/disclosures"))
    assert "申請の審査で確かめました" in shown
    assert "職員</" not in shown
    assert "乙野" not in shown
    assert "申請の審査で確かめました" in mother.get(f"{ME}/disclosures.csv").content.decode("utf-8-sig")
    assert "申請の審査" not in text(other.get(f"{ME}/disclosures"))
    given(mother, other)
    assert "申請の審査" not in text(other.get(f"{ME}/disclosures")), "a delegate sees nothing of the principal's"
    assert mother.get(f"{ME}/disclosures?page=abc").status_code == 200
    with wall.within(TOWN):
        mine = Entry.objects.filter(act="applications.my_disclosures", subjects__contains=[person_of(mother).pk])
        assert mine.filter(kind="disclosure").count() == 3
        Protection.objects.create(addressee=person_of(mother), starts_on=clock.today())
    hidden = text(mother.get(f"{ME}/disclosures"))
    assert "申請の審査" not in hidden
    assert "法律により、ここに出ない記録があります" in hidden
    assert "法律により、ここに出ない記録があります" in shown, "the page looks alike for everybody"


def test_what_i_owe_is_mine_and_leads_to_paying_it(mother: Client) -> None:
    other = stranger()
    with wall.within(TOWN):
        mine = charged(owner=person_of(mother))
        theirs = charged(owner=person_of(other), reference="0002")
        slip, foreign = slip_of(mine[0]), slip_of(theirs[0])
        collected(mine[1], mine[1].yen, "P1")
    shown = text(mother.get(f"{ME}/charges"))
    assert "納付済みです" in shown
    assert f"{mine[0].yen:,}円" in shown
    assert f"/charges/{slip.pk}/pay" in shown
    assert f"/charges/{foreign.pk}/pay" not in shown
    assert mother.post(f"{ME}/charges/{slip.pk}/pay")["Location"] == f"/pay/{TOWN}/slips/{slip.pk}"
    assert mother.get(f"/pay/{TOWN}/slips/{slip.pk}").status_code == 200
    for number in (foreign.pk, 0, 10**12):
        assert mother.post(f"{ME}/charges/{number}/pay").status_code == 404
    assert mother.get(f"/pay/{TOWN}/slips/{foreign.pk}").status_code == 404
    given(mother, other)
    assert f"/charges/{slip.pk}/pay" not in text(other.get(f"{ME}/charges"))
    with wall.within(TOWN):
        assert Slip.objects.count() == 2


def exported(client: Client) -> tuple[dict[str, Any], list[str], str]:
    answer = client.post(f"{ME}/data/file")
    assert answer.status_code == 200
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as file:  # type: ignore[attr-defined]
        raw = file.read("data.json").decode()
        return json.loads(raw), file.namelist(), raw


def test_my_data_are_mine_and_nobody_else_s(mother: Client) -> None:
    other = stranger()
    kept, theirs = submitted(mother, "nursery-status"), submitted(other, "nursery-status")
    number = given(mother, other)
    for_her = submitted(other, "nursery-status", about=str(number))
    with wall.within(TOWN):
        write(actor=CLERK, case=case_of(kept).pk, text=HELLO)
    told, names, raw = exported(mother)
    assert [one["number"] for one in told["cases"]] == [kept["number"]]
    assert told["cases"][0]["messages"][0]["text"] == HELLO
    assert [one["kind"] for one in told["delegations"]["given"]] == ["family"]
    assert "乙野" not in raw
    files = [one["file"] for one in told["cases"][0]["attachments"]]
    assert files
    assert names == [*files, "data.json"]
    told, _names, raw = exported(other)
    assert [one["number"] for one in told["cases"]] == [theirs["number"]], "not what they handed in for somebody"
    assert for_her["number"] not in raw
    assert "花子" not in raw
    with wall.within(TOWN):
        assert Entry.objects.filter(act="applications.my_data", kind="disclosure").count() == 2
        Protection.objects.create(addressee=person_of(mother), starts_on=clock.today())
        end_delegation(actor=Applicant.objects.get(person=person_of(mother)), delegation=number)
    assert "松町" not in exported(mother)[2]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_who_is_not_signed_in_sees_anything(committed_db: str, path: str) -> None:
    for town in (TOWN, 990027):
        answer = Client().get(f"/me/{town}/{path}")
        assert answer.status_code == 302, path
        assert answer["Location"] == f"/me/{town}"
    assert Client().get(f"/me/999999/{path}").status_code == 404


def test_a_forgotten_case_opens_for_nobody_but_the_clerk_who_sees_figures(mother: Client) -> None:
    with clock.stopped_at(OLD):
        carded(mother, mother.card)  # type: ignore[attr-defined]
        kept = submitted(mother, "nursery-status")
        with wall.within(TOWN):
            write(actor=CLERK, case=case_of(kept).pk, text=HELLO)
            stepped(stepped(case_of(kept), "accept"), "refuse_form", reason="印がありません。")
    forget_here(TOWN)
    carded(mother, mother.card)  # type: ignore[attr-defined]
    page = f"{HERE}/cases/{kept['number']}"
    assert mother.get(page).status_code == 302
    assert mother.post(f"{page}/messages", {"text": HELLO, "key": uuid4().hex}).status_code == 404
    assert mother.post(f"{HERE}/status", kept).status_code == 422
    assert kept["number"] not in text(mother.get(ME))
    clerk = staff(*WORK)
    with wall.within(TOWN):
        number = case_of(kept).pk
    shown = text(clerk.get(f"/cases/{number}"))
    assert "匿名化しました" in shown
    assert not any(word in shown for word in (HELLO, "印がありません", "甲野"))
    assert kept["number"] in text(clerk.get("/cases?show=over"))
    assert clerk.get("/cases/statistics?since=2020-01-01&until=2030-01-01").status_code == 200
