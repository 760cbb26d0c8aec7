"""Receipts, certificates, statements, demand letters, notices: read back from the PDF (公金の文書の試験)."""

import io
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import pypdfium2
import pytest
from django.db import transaction

from municipal.addressees.models import Addressee, LifeState
from municipal.addressees.operations import Redirection, protect, register_recipient
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.models import Charge, Posting
from municipal.payments.operations import apply, demand, refund, reverse, revise, write_off
from municipal.payments.paper.letters_of_demand import demand_letters
from municipal.payments.paper.receipts import certificate, receipt
from municipal.payments.paper.refund_notices import refund_notice
from municipal.payments.paper.statements import statement

from .booking import CLERK, charged, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
DUE = (date(2026, 6, 30), date(2026, 8, 31), date(2026, 10, 31), date(2026, 12, 25))
SECRET = "９９９番地隠れ家"
HOME = {
    "mailing_prefecture": "見本県", "mailing_city": "見本市", "mailing_block": "本通", "mailing_lot": SECRET,
    "mailing_postal_code": "0000401",
}  # fmt: skip
THERE = {"prefecture": "別県", "city": "別市", "block": "栗町", "lot": "７", "postal_code": "0000777"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def owner(town: int) -> Addressee:
    return Addressee.objects.create(number="71", kind="non_resident", name="甲野　太郎", **HOME)


@pytest.fixture
def charges(owner: Addressee) -> list[Charge]:
    """Four instalments; the first is paid on time, the second late and in part."""
    found = charged(owner=owner, due_on=DUE)
    pay(found[0], 25_900, "2026-06-29", "A1")
    pay(found[1], 10_000, "2026-10-01", "A2")
    return found


def pay(charge: Charge, yen: int, on: str, reference: str) -> Posting:
    taken(report((charge.slips.first() or slip_of(charge)).number, yen, paid_on=on, reference=reference))
    return Posting.objects.order_by("-pk")[0]


def written(write: Callable[..., Any], name: str = "", **said: Any) -> str:
    """The words of the PDF that ``write`` makes, without blanks and line ends."""
    file: IO[bytes] = io.BytesIO()
    write(file, **said)
    data = file.getvalue()  # type: ignore[attr-defined]
    if (folder := os.environ.get("H4_PDF")) and name:
        Path(folder, f"{name}.pdf").write_bytes(data)
    pages = pypdfium2.PdfDocument(data)
    return "\f".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def test_a_receipt_says_what_was_paid_when_and_where_and_nothing_else(charges: list[Charge]) -> None:
    said = written(receipt, "receipt", charges=[charge.pk for charge in charges])
    assert "領収証書" in said
    assert "甲野太郎様" in said
    for words in (
        "令和8年6月29日コンビニエンスストア25,900円",
        "令和8年10月1日コンビニエンスストア10,000円",
        "合計35,900円",
    ):
        assert words in said, words
    assert "令和8年11月20日12時00分現在" in said
    assert "第3期" not in said


def test_a_payment_that_was_taken_back_is_on_no_receipt(charges: list[Charge]) -> None:
    posting = pay(charges[2], 25_000, "2026-10-30", "A3")
    reverse(actor=CLERK, posting=posting, booked_on=NOON.date(), reason="不渡り")
    assert "10月30日" not in written(receipt, charges=[charge.pk for charge in charges])
    with pytest.raises(Refused), transaction.atomic():
        written(receipt, charges=[charges[2].pk])


def test_a_receipt_is_for_one_payer_and_for_somebody(charges: list[Charge]) -> None:
    stranger = Addressee.objects.create(number="72", kind="non_resident", name="乙山　花")
    other = charged(owner=stranger, reference="9")[0]
    pay(other, 25_900, "2026-06-29", "B1")
    for chosen in ([charges[0].pk, other.pk], [], [10**9]):
        with pytest.raises(Refused), transaction.atomic():
            written(receipt, charges=chosen)


def test_a_certificate_tells_paid_from_owed_and_owed_from_not_yet_due(owner: Addressee, charges: list[Charge]) -> None:
    said = written(certificate, "certificate", payer=owner, year=2026)
    assert "納税証明書（令和8年度）" in said
    assert "合計100,900円35,900円65,000円" in said
    # The second has 15,000 left, the third 25,000; the fourth is due in December.
    assert "納期限を過ぎて納められていない額が40,000円あります。" in said
    assert said.count("（未到来）") == 1
    with pytest.raises(Refused), transaction.atomic():
        written(certificate, payer=owner, year=2025)


def test_a_certificate_says_nothing_of_what_is_contested(owner: Addressee, charges: list[Charge]) -> None:
    pay(charges[0], 25_900, "2026-07-01", "A1x")
    refund(actor=CLERK, charge=charges[0], yen=25_900)
    revise(actor=CLERK, assessment=charges[0].assessment, total_yen=10_000, reason="減額")
    refund(actor=CLERK, charge=charges[0], yen=15_900)
    taken(report(charges[0].slips.get().number, 25_900, stage="cancelled", paid_on="2026-07-01", reference="A1x"))
    said = written(certificate, payer=owner, year=2026)
    assert "入金を確認している調定1件は、記載していません。" in said
    assert "第1期" not in said


def test_a_private_claim_is_certified_as_a_fee_and_both_as_both(owner: Addressee, charges: list[Charge]) -> None:
    rent = charged(owner=owner, fee="913", levy_year=2025, fiscal_year=2025, due_on=[date(2025, 6, 30)])[0]
    pay(rent, 100_900, "2025-06-30", "C1")
    said = written(certificate, payer=owner, year=2025)
    assert said.index("納付証明書（令和7年度）") >= 0
    assert "納期限を過ぎた未納はありません。" in said
    charged(owner=owner, fee="913", reference="2", due_on=[date(2026, 6, 30)])
    assert "納税・納付証明書（令和8年度）" in written(certificate, payer=owner, year=2026)


def test_a_statement_shows_interest_as_of_its_day(owner: Addressee, charges: list[Charge]) -> None:
    said = written(statement, "statement", payer=owner)
    # The third: due 2 November (31 October 2026 is a Saturday), 18 days at 2.8 % on 25,000: 34 -> nothing below 1,000.
    assert "令和8年11月2日" in said
    assert "合計100,900円35,900円65,000円0円" in said
    later = written(statement, payer=owner, on=date(2026, 12, 31))
    # The second: 25,000 for 30 September: 30 days at 2.8 %: 57, 1 October at 9.1 %: 6, then 15,000 for 91 days: 340.
    assert later.count("0円") == said.count("0円")
    unknown = written(statement, payer=owner, on=date(2027, 1, 31))
    assert "計算不可" in unknown
    nobody = Addressee.objects.create(number="73", kind="non_resident", name="無関係")
    with pytest.raises(Refused), transaction.atomic():
        written(statement, payer=nobody)


def test_a_statement_of_many_years_goes_on_on_further_pages(owner: Addressee) -> None:
    for year in range(1990, 2027):
        charged(owner=owner, levy_year=year, fiscal_year=year, reference=str(year), due_on=[date(year, 12, 1)])
    said = written(statement, "long", payer=owner)
    assert said.count("\f") == 1
    assert "納付状況明細（続き2枚目）甲野太郎様" in said
    assert said.count("未納額") == 2
    assert "平成31年度" in said
    assert "平成2年度" in said


def test_a_demand_says_what_is_owed_by_when_and_brings_the_slip(owner: Addressee) -> None:
    charge = charged(owner=owner, total_yen=100_000, due_on=[date(2026, 6, 30)])[0]
    found = demand(actor=CLERK, charges=[charge])
    letter, slip = written(demand_letters, "demand", demands=found).split("\f")
    for words in (
        "督促状",
        "〒000-0401",
        "令和8年11月30日までに",
        "100,000円3,000円",
        "差押え",
        "発付日令和8年11月20日",
    ):
        assert words in letter, words
    assert "納付書（原符）" in slip
    assert found[0].slip.number in slip.replace("eL番号", "")


def test_a_private_claim_is_not_threatened_with_attachment(owner: Addressee) -> None:
    charge = charged(owner=owner, fee="913", total_yen=50_000, due_on=[date(2026, 6, 30)])[0]
    letter = written(demand_letters, demands=demand(actor=CLERK, charges=[charge]))
    assert "差押え" not in letter
    assert "裁判所" in letter


def test_the_demand_of_the_dead_goes_to_whoever_represents_the_heirs(owner: Addressee) -> None:
    charge = charged(owner=owner, total_yen=100_000, due_on=[date(2026, 6, 30)])[0]
    old = slip_of(charge)
    Addressee.objects.filter(pk=owner.pk).update(life_state=LifeState.DEAD)
    said = Redirection(
        kind="heirs", address=THERE, first_day=date(2026, 7, 1), name="甲野　次郎", kana="コウノ　ジロウ"
    )
    found = demand(actor=CLERK, charges=[charge])
    assert "死亡（相続人代表者の届出なし）" in written(demand_letters, demands=found)
    register_recipient(actor=CLERK, addressee=owner, said=said)
    letter = written(demand_letters, "heirs", demands=found)
    assert "相続人代表者（故甲野太郎様分）甲野次郎様" in letter
    assert "別県別市栗町７" in letter
    assert SECRET not in letter
    taken(report(old.number, 100_000))
    assert "合計100,000円" in written(receipt, charges=[charge.pk])


def test_no_paper_prints_the_address_of_the_protected(owner: Addressee, charges: list[Charge]) -> None:
    protect(actor=CLERK, addressee=owner, starts_on=date(2026, 1, 1), ends_on=None, is_own=True)
    demands = demand(actor=CLERK, charges=charges[:3])
    posting = over_refunded(owner)
    papers = [
        written(receipt, charges=[charges[0].pk]), written(certificate, payer=owner, year=2026),
        written(statement, payer=owner), written(demand_letters, "protected", demands=demands),
        written(refund_notice, posting=posting),
    ]  # fmt: skip
    for said in papers:
        assert SECRET not in said
        assert "本通" not in said
        assert "税務課収納係の窓口でお渡しします" in said
    assert len(demands) == 2


def over_refunded(owner: Addressee) -> Posting:
    charge = charged(owner=owner, total_yen=500_000, reference="88", due_on=[date(2026, 3, 2)])[0]
    pay(charge, 500_000, "2026-02-10", "Z1")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=259_500, reason="減額")
    return refund(actor=CLERK, charge=charge, yen=240_500)


def test_a_notice_of_refund_names_the_sum_and_its_interest(owner: Addressee) -> None:
    posting = over_refunded(owner)
    said = written(refund_notice, "refund", posting=posting)
    for words in ("過誤納金還付通知書", "還付する額", "240,500円", "還付加算金", "2,400円", "お支払いする額242,900円"):
        assert words in said, words
    reverse(actor=CLERK, posting=posting, booked_on=NOON.date(), reason="口座相違")
    with pytest.raises(Refused), transaction.atomic():
        written(refund_notice, posting=posting)


def test_a_notice_of_application_names_both_debts(owner: Addressee) -> None:
    charge = charged(owner=owner, total_yen=30_000, due_on=[date(2026, 6, 30)])[0]
    for at in range(2):
        pay(charge, 30_000, "2026-06-30", f"Y{at}")
    other = charged(owner=owner, fee="904", total_yen=10_800, due_on=[date(2026, 6, 1)])[0]
    posting = apply(actor=CLERK, of=charge, to=other, yen=10_800)
    said = written(refund_notice, "application", posting=posting)
    for words in ("過誤納金充当通知書", "納め過ぎた額", "充当した先", "軽自動車税（種別割）全期"):
        assert words in said, words
    assert "お支払いする額" not in said
    with pytest.raises(Refused), transaction.atomic():
        written(refund_notice, posting=charge.transfers.order_by("pk")[0].posting)


def test_what_was_given_up_stands_so_in_the_statement(owner: Addressee) -> None:
    charge = charged(owner=owner, total_yen=30_000, due_on=[date(2026, 6, 30)])[0]
    write_off(actor=CLERK, charge=charge, reason="stay_at_once")
    assert "（不納欠損）" in written(statement, payer=owner)


def test_no_demand_is_no_file() -> None:
    with pytest.raises(ValueError, match="without demands"):
        demand_letters(io.BytesIO(), demands=[])
