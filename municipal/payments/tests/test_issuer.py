"""Slips stay specimens until everything is given that makes them payable (納付書の発行者の試験)."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from conftest import OTHER_TOWN
from municipal.conformance.findings import Exit
from municipal.conformance.slips import judge_text
from municipal.core import clock
from municipal.municipalities.models import Municipality
from municipal.payments.checks import slips_are_payable_or_specimens
from municipal.payments.codes import LOWER, UPPER, codes_of, issuer
from municipal.payments.models import Slip
from municipal.payments.printing import print_one

from .booking import charged, slip_of

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
COMPLETE = {
    "KIJUN_PAYMENT_AGENCY": "13800", "KIJUN_STORE_COMPANY": "123456",
    "KIJUN_PAYMENT_CHECK_DIGITS": "municipal.payments.tests.test_issuer:made_up",
}  # fmt: skip


def made_up(upper: str, lower: str) -> tuple[str, str]:
    """Check digits of nobody: the sums of the digits."""
    return f"{sum(map(int, upper)) % 100:02d}", f"{sum(map(int, lower)) % 100:02d}"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def slip(yen: int = 12_300) -> Slip:
    return slip_of(charged(fee="901", total_yen=yen, due_on=[date(2026, 12, 1)])[0])


def given(settings: Any, said: dict[str, str]) -> None:
    for name, value in said.items():
        setattr(settings, name, value)


def no_longer_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the town of the tests were a real one."""
    monkeypatch.setattr(Municipality.objects, "filter", lambda **_: Municipality.objects.none())


def test_by_default_a_slip_is_a_specimen_of_an_agency_that_does_not_exist(town: int) -> None:
    by = issuer(town)
    assert (by.agency, by.company, by.is_specimen) == ("99999", "999999", True)
    made = slip()
    assert "見本" in pypdfium2.PdfDocument(print_one([made]))[0].get_textpage().get_text_range()


@pytest.mark.parametrize("missing", COMPLETE)
def test_one_setting_missing_keeps_specimens_and_is_told_before_the_start(
    town: int, settings: Any, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    given(settings, COMPLETE | {missing: ""})
    no_longer_made_up(monkeypatch)
    assert issuer(town).is_specimen
    (error,) = slips_are_payable_or_specimens()
    assert error.id == "kijun.E020"
    assert missing in error.msg


def test_a_made_up_town_prints_specimens_whatever_is_set(town: int, settings: Any) -> None:
    given(settings, COMPLETE)
    assert issuer(town).is_specimen
    assert issuer(OTHER_TOWN).is_specimen


def test_with_everything_set_slips_are_payable_and_without_the_mark(
    town: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(settings, COMPLETE)
    made = slip()
    no_longer_made_up(monkeypatch)
    by = issuer(town)
    assert (by.agency, by.company, by.is_specimen) == ("13800", "123456", False)
    codes = codes_of(made, by)
    assert codes.el_qr[29:31] == made_up(codes.el_qr[UPPER], codes.el_qr[LOWER])[0]
    assert codes.el_qr[68:70] == made_up(codes.el_qr[UPPER], codes.el_qr[LOWER])[1]
    assert codes.el_number.startswith("13800")
    assert codes.barcode[2:8] == "123456"
    for digits in (codes.el_qr, codes.barcode):
        assert judge_text(digits, today=clock.today()).exit_status is Exit.NOTHING_FOUND, digits
    assert "見本" not in pypdfium2.PdfDocument(print_one([made]))[0].get_textpage().get_text_range()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, ""),
        ({"KIJUN_PAYMENT_AGENCY": "1380"}, "kijun.E021"),
        ({"KIJUN_PAYMENT_AGENCY": "１３８００"}, "kijun.E021"),
        ({"KIJUN_STORE_COMPANY": "12345a"}, "kijun.E021"),
        ({"KIJUN_PAYMENT_CHECK_DIGITS": "municipal.payments.nowhere:made_up"}, "kijun.E022"),
        ({"KIJUN_PAYMENT_CHECK_DIGITS": "municipal.payments.tests.test_issuer:nobody"}, "kijun.E022"),
        ({"KIJUN_PAYMENT_CHECK_DIGITS": "municipal.payments.tests.test_issuer"}, "kijun.E022"),
        ({"KIJUN_PAYMENT_CHECK_DIGITS": "municipal.payments.tests.test_issuer:NOON"}, "kijun.E022"),
        ({"KIJUN_PAYMENT_AGENCY": "99999", "KIJUN_STORE_COMPANY": ""}, ""),
        (dict.fromkeys(COMPLETE, ""), ""),
    ],
)
def test_settings_that_cannot_be_are_told_before_the_start(settings: Any, said: dict[str, str], code: str) -> None:
    given(settings, COMPLETE | said)
    assert [error.id for error in slips_are_payable_or_specimens()] == ([code] if code else [])


def test_the_specimens_own_number_never_becomes_payable(town: int, settings: Any, monkeypatch: Any) -> None:
    given(settings, COMPLETE | {"KIJUN_PAYMENT_AGENCY": "99999"})
    no_longer_made_up(monkeypatch)
    assert issuer(town).is_specimen


def test_a_slip_of_one_person_is_the_same_file_each_time(town: int, tmp_path: Path) -> None:
    made = slip()
    assert print_one([made]) == print_one([made])
    with pytest.raises(IndexError):
        print_one([])
