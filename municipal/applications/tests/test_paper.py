"""The receipt and the notice on paper (申請の控えと通知書の試験)."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest

from municipal.applications.models import Case
from municipal.applications.paper import has_notice, write_notice, write_receipt
from municipal.core import clock

from .acting import YOU, a_case, stepped

pytestmark = pytest.mark.usefixtures("town")
CODE = "ABCD-EFGH-JKMN"


def words(file: BytesIO) -> str:
    document = pypdfium2.PdfDocument(file.getvalue())
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def receipt(case: Case) -> str:
    file = BytesIO()
    write_receipt(file, case, CODE)
    return words(file)


def notice(case: Case) -> str:
    file = BytesIO()
    write_notice(file, case)
    return words(file)


def test_a_receipt_says_number_code_and_every_answer() -> None:
    case = a_case("nursery-status", {"is_unchanged": False, "change": "job"})
    said = receipt(case)
    for word in (case.number, CODE, "甲野", "いいえ", "暫定"):
        assert word in said, word


def test_an_answer_of_two_thousand_letters_is_printed_to_its_end() -> None:
    case = a_case("care-plan", {"office": "見本"})
    # Longer than this question takes; as long as any may.
    case.answers = {"office": "あ" * 1997 + "おわり"}
    assert "おわり" in receipt(case)


def test_a_notice_says_what_to_correct_by_when_and_no_address() -> None:
    case = stepped(a_case("nursery-fee", {"method": "debit"}), "accept")
    case = stepped(
        case, "send_back", reason="納め方を" * 100 + "おわり。",
        fields=["method"], correct_by=clock.today() + timedelta(days=7),
    )  # fmt: skip
    said = notice(case)
    assert "おわり。" in said
    assert "訂正のお願い" in said
    assert YOU["address"] not in said


def test_there_is_a_notice_only_where_something_was_decided_or_sent_back() -> None:
    case = a_case("nursery-fee", {"method": "debit"})
    assert not has_notice(case)
    case = stepped(stepped(case, "accept", "pass_form"), "reject", reason="要件に合いません。")
    assert has_notice(case)
    assert "認められませんでした" in notice(case)
    assert "要件に合いません。" in notice(case)
