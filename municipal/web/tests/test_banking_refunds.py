"""Refunds as a clerk pays them: account, order, file, what came back (還付の画面の試験)."""

from collections.abc import Iterator

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.banking.models import RefundAccount, TransferOrder
from municipal.banking.tests.bank import NOON, refund_account
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books, of_charges
from municipal.payments.operations import refund
from municipal.payments.tests.booking import CLERK
from municipal.web.tests.entering import text
from municipal.web.tests.keeping import staff

from .banking import (
    ACCOUNT,
    clerk,
    known_to_its_bank,
    over_paid,
    somebody_new,
)


@pytest.fixture(autouse=True)
def _today(two_towns: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def who(_today: None) -> Addressee:
    return somebody_new()


def test_a_refund_goes_out_comes_back_and_goes_out_to_another_account(who: Addressee) -> None:
    known_to_its_bank()
    charge, client = over_paid(who), clerk()
    page = client.get("/money/banking/refunds")
    assert "18,000" in text(page)
    assert "未登録" in text(page)
    assert 'name="chosen"' not in page.content.decode()
    account = f"/money/banking/refunds/accounts/{who.number}"
    assert client.post(account, ACCOUNT | {"starts_on": "", "key": "0"}).status_code == 422
    assert client.post(account, ACCOUNT | {"starts_on": "R8.4.1", "key": "1"}).status_code == 302
    said = {"chosen": f"over-{charge.pk}", "pay_on": "R8.11.24", "key": "o"}
    assert client.post("/money/banking/refunds", said | {"chosen": [], "key": "n"}).status_code == 422
    assert "休業日" in text(client.post("/money/banking/refunds", said | {"pay_on": "R8.11.23", "key": "h"}))
    made = client.post("/money/banking/refunds", said)
    assert client.post("/money/banking/refunds", said)["Location"] == made["Location"]
    place = made["Location"]
    file = client.get(f"{place}/transfer.dat").content
    assert (file.count(b"\r\n"), b"1234567" in file) == (4, True)
    assert "1234567" not in client.get(place).content.decode()
    assert "過誤納はありません" in text(client.get("/money/banking/refunds"))
    assert "振込不能を記録する" not in text(client.get(place))
    with clock.stopped_at(NOON.replace(day=25)):
        client = staff("payments.view", "payments.refund", login="later")
        back = {"item": "1", "reason": "name_differs", "returned_on": "R8.11.25", "key": "b"}
        assert client.post(f"{place}/return", back | {"reason": "", "key": "x"}).status_code == 422
        assert client.post(f"{place}/return", back | {"returned_on": "R8.11.1", "key": "y"}).status_code == 422
        assert client.post(f"{place}/return", back | {"item": "7", "key": "z"}).status_code == 404
        assert client.post(f"{place}/return", back).status_code == 302
        assert "受取人名の相違" in text(client.get(place))
        assert "前回は振込不能: 受取人名の相違" in text(client.get("/money/banking/refunds"))
        changed = ACCOUNT | {"holder": "コウノ　ジロウ", "starts_on": "R8.11.25", "key": "2"}
        assert client.post(account, changed).status_code == 302
        assert client.post("/money/banking/refunds", said | {"pay_on": "R8.11.26", "key": "p"}).status_code == 302
    with wall.within(TOWN):
        assert [one.items.get().account.holder for one in TransferOrder.objects.order_by("pk")] == [
            "ｺｳﾉ ﾀﾛｳ", "ｺｳﾉ ｼﾞﾛｳ"
        ]  # fmt: skip
        assert of_charges([charge.pk])[charge.pk].refunded == 18_000
        assert books().broken() == []


def test_a_refund_that_was_decided_elsewhere_is_ordered_only_when_ticked(who: Addressee) -> None:
    known_to_its_bank()
    charge = over_paid(who)
    with wall.within(TOWN):
        refund_account(who)
        posting = refund(actor=CLERK, charge=charge, yen=18_000)
    client = clerk()
    page = client.get("/money/banking/refunds")
    assert "振込を依頼していないもの" in text(page)
    assert f'value="booked-{posting.pk}"' in page.content.decode()
    assert "checked" not in page.content.decode()
    said = {"chosen": [f"booked-{posting.pk}", "over-x", "?", "booked-99999999"], "pay_on": "R8.11.24", "key": "o"}
    assert client.post("/money/banking/refunds", said).status_code == 302
    assert "振込を依頼していないもの" not in text(client.get("/money/banking/refunds"))


def test_an_account_for_refunds_is_ended(who: Addressee) -> None:
    client, place = clerk(), f"/money/banking/refunds/accounts/{who.number}"
    with wall.within(TOWN):
        refund_account(who)
    assert "****567" in text(client.get(place))
    assert client.post(f"{place}/end", {"key": "e"}).status_code == 302
    assert client.post(f"{place}/end", {"key": "f"}).status_code == 404
    with wall.within(TOWN):
        assert RefundAccount.objects.get().valid.upper == NOON.date()
    assert client.get("/money/banking/refunds/accounts/1x").status_code == 404
    assert client.get("/money/banking/refunds/accounts/123").status_code == 404
