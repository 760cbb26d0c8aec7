"""Arrears as a clerk and the treasurer see them (滞納整理の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Assessment, Charge, Demand, Posting, WriteOff
from municipal.payments.operations import charge_interest, reverse, revise
from municipal.payments.tests.booking import CLERK, charged, report, slip_of, taken
from municipal.web.tests.entering import text
from municipal.web.tests.keeping import key_in, staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
ALL = ("payments.view", "payments.arrears", "payments.refund", "payments.write_off", "residents.search")
SECRET = "９９９番地隠れ家"


@pytest.fixture(autouse=True)
def _today(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def payer(number: str = "71", **said: Any) -> Addressee:
    usual = {"kind": "non_resident", "name": "甲野　太郎", "mailing_city": "見本市", "mailing_lot": SECRET}
    return Addressee.objects.create(number=number, **usual | said)


def late(owner: Addressee, yen: int = 100_000, **said: Any) -> Charge:
    return charged(**{"owner": owner, "total_yen": yen, "due_on": [date(2026, 6, 30)]} | said)[0]


def pay(charge: Charge, yen: int, on: str, reference: str) -> Posting:
    taken(report((charge.slips.first() or slip_of(charge)).number, yen, paid_on=on, reference=reference))
    return Posting.objects.order_by("-pk")[0]


def pressed(client: Client, path: str, page: Any, **said: str) -> Any:
    """Press a button twice, as an impatient clerk does; the second press must change nothing more."""
    found = re.search(rf'action="{path}".*?name="key" value="([\w-]+)"', page.content.decode(), re.DOTALL)
    sent = {"key": found[1] if found else key_in(page), **said}
    first = client.post(path, sent)
    assert client.post(path, sent).status_code == first.status_code
    return first


def test_the_list_names_who_owes_most_first_and_finds_them_by_fee_and_age() -> None:
    with wall.within(TOWN):
        one, other = payer(), payer("72", name="=1+2　花")
        late(one, 30_000)
        late(other, 90_000, fee="913", due_on=[date(2024, 6, 28)], levy_year=2024, fiscal_year=2024)
        charged(owner=one, reference="2", total_yen=5_000, due_on=[date(2026, 12, 25)])
    client = staff(*ALL)
    page = text(client.get("/money/arrears"))
    assert page.index("=1+2 花") < page.index("甲野 太郎")
    assert "2人" in page
    assert "120,000円" in page
    assert "甲野" not in text(client.get("/money/arrears?fee=913"))
    assert "=1+2" in text(client.get("/money/arrears?before=R7.1.1"))
    assert "甲野" not in text(client.get("/money/arrears?before=R7.1.1"))
    assert client.get("/money/arrears?fee=zzz").status_code == 422
    assert client.get("/money/arrears?before=いつか").status_code == 422
    lines = client.get("/money/arrears.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1] == "72,'=1+2　花,1,90000,令和6年6月28日"
    assert lines[2].startswith("71,甲野　太郎,1,30000,")


def test_a_payers_page_shows_each_debt_with_its_interest_as_of_the_day_that_was_asked() -> None:
    with wall.within(TOWN):
        charge = late(payer())
        pay(charge, 40_500, "2026-08-20", "A1")
    client = staff(*ALL)
    page = text(client.get("/money/arrears/payers/71?on=R8.10.19"))
    assert "令和8年10月19日に納めた場合の延滞金（未調定） 1,600円" in page
    assert "令和8年7月1日 31 2.8 100,000 237" in page
    assert "令和8年8月21日 60 9.1 59,000 882" in page
    # Part paid on 20 August: an acknowledgement.
    assert "令和13年8月20日 一部納付により更新" in page
    assert "割合が未登録" in text(client.get("/money/arrears/payers/71?on=R9.10.19"))
    assert client.get("/money/arrears/payers/71?on=昨日").status_code == 422
    for number in ("999", "７１", "x"):
        assert client.get(f"/money/arrears/payers/{number}").status_code == 404


def test_interest_is_charged_by_a_button_and_put_right_by_it() -> None:
    with wall.within(TOWN):
        charge = late(payer())
        posting = pay(charge, 100_000, "2026-10-19", "A1")
    client = staff(*ALL)
    path = f"/money/arrears/charges/{charge.pk}/interest"
    pressed(client, path, client.get("/money/arrears/payers/71"))
    with wall.within(TOWN):
        assert Assessment.objects.get(fee="990").total_yen == 2_200
        reverse(actor=CLERK, posting=posting, booked_on=NOON.date(), reason="不渡り")
    page = client.get("/money/arrears/payers/71")
    assert "延滞金を調定する" in text(page)
    pressed(client, path, page)
    with wall.within(TOWN):
        assert list(Assessment.objects.filter(fee="990").order_by("pk").values_list("total_yen", flat=True)) == [
            2_200,
            0,
        ]
    again = client.post(path, {"key": "other"}, follow=True)
    assert "調定する延滞金はありません" in text(again)


def test_a_run_of_interest_is_ordered_from_the_list() -> None:
    with wall.within(TOWN):
        pay(late(payer()), 100_000, "2026-10-19", "A1")
    client = staff(*ALL)
    pressed(client, "/money/arrears/interest", client.get("/money/arrears"))
    with wall.within(TOWN):
        job = Job.objects.get(kind="payments.charge_interest")
    jobs.run(TOWN, job.pk)
    with wall.within(TOWN):
        assert Assessment.objects.get(fee="990").total_yen == 2_200


def test_demands_are_ordered_made_and_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.web.views.demands.LETTERS", 1)
    with wall.within(TOWN):
        owner = payer()
        late(owner)
        late(owner, fee="904", reference="2")
        late(payer("70", name="乙山　花"), yen=50_000, reference="4")
        charged(owner=owner, reference="3", total_yen=7_000, due_on=[date(2026, 10, 31)])
    client = staff(*ALL)
    page = client.get("/money/arrears/demands")
    shown = text(page)
    assert "令和8年6月30日 3 250,000 令和8年7月20日 期限経過" in shown
    # Due on Saturday 31 October: Monday 2 November, to be demanded by the 22nd.
    assert "令和8年11月2日 1 7,000 令和8年11月22日" in shown
    answer = pressed(client, "/money/arrears/demands", page, due_through="R8.10.31")
    with wall.within(TOWN):
        job = Job.objects.get(kind="payments.demand")
    assert answer["Location"] == f"/money/arrears/demands/{job.pk}"
    waiting = client.get(answer["Location"])
    assert waiting["Refresh"]
    assert ".pdf" not in waiting.content.decode()
    assert client.get(f"{answer['Location']}.pdf").status_code == 404
    jobs.run(TOWN, job.pk)
    _letters_are_in_two_files(client, answer["Location"])
    done = client.get(answer["Location"])
    assert "督促した件数 3 督促した額（円） 250,000" in text(done)
    with wall.within(TOWN):
        assert Demand.objects.filter(job=job).count() == 3
    page = client.get("/money/arrears/demands")
    assert "令和8年6月30日" not in text(page).split("作成した督促状")[0]
    bad = client.post("/money/arrears/demands", {"key": "k1", "due_through": "R8.6.30"})
    assert bad.status_code == 422
    assert "督促する調定がありません" in text(bad)
    assert client.post("/money/arrears/demands", {"key": "k2", "due_through": ""}).status_code == 422


def _letters_are_in_two_files(client: Client, place: str) -> None:
    assert "2〜2通目" in text(client.get(place))
    names = []
    for part in (1, 2):
        letters = pypdfium2.PdfDocument(client.get(f"{place}.pdf?part={part}").content)
        names.append(("".join(letters[0].get_textpage().get_text_bounded().split()), len(letters)))
    assert ["乙山花様" in names[0][0], "甲野太郎様" in names[1][0]] == [True, True]
    # A letter and its slips: one of the first, two of the second.
    assert [count for _words, count in names] == [2, 3]


def test_one_charge_is_demanded_at_the_desk() -> None:
    with wall.within(TOWN):
        charge = late(payer())
    client = staff(*ALL)
    path = f"/money/arrears/charges/{charge.pk}/demand"
    pressed(client, path, client.get("/money/arrears/payers/71"))
    with wall.within(TOWN):
        assert Demand.objects.get().charge == charge
    page = text(client.get("/money/arrears/payers/71"))
    assert "督促により更新" in page
    assert "督促する 延滞" not in page


def test_what_ends_is_listed_and_given_up_with_a_reason_that_fits() -> None:
    with wall.within(TOWN):
        owner = payer()
        ended = late(owner, levy_year=2021, fiscal_year=2021, due_on=[date(2021, 6, 30)])
        late(owner, reference="2")
        late(owner, fee="913", reference="3", levy_year=2021, fiscal_year=2021, due_on=[date(2021, 6, 30)])
    client = staff(*ALL)
    page = text(client.get("/money/arrears/limitation"))
    assert "2件、200,000円" in page
    assert "令和8年6月30日 時効完成" in page
    assert "援用が必要" in page
    path = f"/money/arrears/charges/{ended.pk}/write-off"
    form = client.get(path)
    assert "消滅時効の完成" in text(form)
    assert "債権放棄" not in text(form)
    for said in ({"reason": "limitation"}, {"reason": "waived_by_council", "basis": "議決"}, {}):
        assert client.post(path, {"key": "bad", **said}).status_code == 422
    pressed(client, path, form, reason="limitation", basis="令和8年度不納欠損調書第1号")
    with wall.within(TOWN):
        assert WriteOff.objects.get().basis == "令和8年度不納欠損調書第1号"
        assert books().total.written_off == 100_000
    assert client.post(path, {"key": "late", "reason": "limitation", "basis": "x"}).status_code == 422


def test_what_is_too_much_is_shown_with_interest_refunded_and_told() -> None:
    with wall.within(TOWN):
        owner = payer()
        charge = late(owner, 500_000)
        pay(charge, 500_000, "2026-02-10", "A1")
        revise(actor=CLERK, assessment=charge.assessment, total_yen=259_500, reason="減額")
        other = late(owner, 40_500, fee="904", reference="2")
    client = staff(*ALL)
    path = f"/money/arrears/charges/{charge.pk}/refund"
    form = client.get(path)
    assert "賦課決定などの減額 2,400" in text(form)
    said = {"cause": "own_decision", "to": str(other.pk), "yen": "40500"}
    for bad in ({"yen": "0"}, {"yen": "240501"}, {"cause": "nothing"}, {"to": str(charge.pk)}, {"yen": "１億"}):
        assert client.post(path, {**said, "key": "bad", **bad}).status_code == 422
    pressed(client, path, form, **said)
    pressed(client, path, client.get(path), cause="own_decision", to="", yen="200000")
    with wall.within(TOWN):
        now = of_charges([charge.pk, other.pk])
        assert (now[charge.pk].refunded, now[charge.pk].overpaid, now[other.pk].outstanding) == (200_000, 0, 0)
        assert books().broken() == []
        postings = list(Posting.objects.filter(kind__in=["refund", "apply"]).values_list("pk", flat=True))
    page = text(client.get("/money/arrears/payers/71"))
    assert page.count("通知書を印刷する") == len(postings) == 2
    for posting in postings:
        assert client.get(f"/money/arrears/postings/{posting}/notice.pdf").content.startswith(b"%PDF")
    assert "過誤納はありません" in text(client.get(path))


def test_no_page_and_no_file_shows_the_address_of_the_protected() -> None:
    with wall.within(TOWN):
        owner = payer()
        charge = late(owner)
        protect(actor=CLERK, addressee=owner, starts_on=date(2026, 1, 1), ends_on=None, is_own=True)
    client = staff(*ALL)
    for path in (
        "", ".csv", "/payers/71", "/limitation", "/demands", f"/charges/{charge.pk}/write-off",
        f"/charges/{charge.pk}/refund",
    ):  # fmt: skip
        answer = client.get(f"/money/arrears{path}")
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    assert "k-badge" in client.get("/money/arrears").content.decode()


@pytest.mark.parametrize(
    ("permission", "path", "status"),
    [
        ("payments.view", "/money/arrears", 200),
        ("payments.view", "/money/arrears/demands", 403),
        ("payments.view", "/money/arrears/charges/1/write-off", 403),
        ("payments.arrears", "/money/arrears/demands", 200),
        ("payments.arrears", "/money/arrears/charges/1/refund", 403),
        ("payments.arrears", "/money/settlement-table", 403),
        ("residents.search", "/money/arrears", 403),
    ],
)  # fmt: skip
def test_each_page_asks_for_its_permission(permission: str, path: str, status: int) -> None:
    assert staff(permission).get(path).status_code == status


def test_interest_that_is_known_stands_on_the_page_in_english_too() -> None:
    with wall.within(TOWN):
        charge = late(payer())
        pay(charge, 100_000, "2026-10-19", "A1")
        charge_interest(actor=CLERK, charge=charge)
    client = staff(*ALL)
    client.cookies["django_language"] = "en"
    page = text(client.get("/money/arrears/payers/71"))
    assert "Late-payment interest" in page
    assert "Settlement table" in text(client.get("/money/settlement-table"))
