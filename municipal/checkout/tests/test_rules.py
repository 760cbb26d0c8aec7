"""Reading typed numbers, ways and fees (納付の規則の試験)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.checkout.methods import card_fee, way, ways
from municipal.checkout.rules.typed import Named, named
from municipal.core.refusals import Refused
from municipal.payments.models import Channel

SAMPLE = (
    "0002010102122796000599999018300000000000000000001230029999909010000000000000000000000"
    "0000112345609920100100000005411000000123006226202620260120261031202703318085000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000630562277"
)
HELD = Named("0" * 19 + "1", "123456")


def test_the_sample_of_the_eL_qr_names_its_slip() -> None:  # noqa: N802
    assert len(SAMPLE) == 255
    assert named(SAMPLE) == HELD
    assert named(" ".join(SAMPLE[at : at + 5] for at in range(0, 255, 5))) == HELD


def test_a_digit_of_the_eL_qr_that_is_wrong_is_seen_wherever_it_stands() -> None:  # noqa: N802
    for at in range(255):
        broken = SAMPLE[:at] + str((int(SAMPLE[at]) + 1) % 10) + SAMPLE[at + 1 :]
        with pytest.raises(Refused, match="読み取れていません"):
            named(broken)


def test_an_el_number_holds_both_numbers() -> None:
    assert named("99999" + HELD.number + HELD.confirmation + "901") == HELD


@pytest.mark.parametrize("code", ["1", "０００1", " 1 ", "0" * 19 + "1", "0000 0000-0000 0000 0001"])
def test_zeros_spaces_and_wide_digits_make_no_difference(code: str) -> None:
    assert named(code, "１２３-456") == HELD


@given(st.text(max_size=300), st.text(max_size=30))
def test_whatever_is_typed_is_a_slip_or_a_sentence(code: str, confirmation: str) -> None:
    found = read(code, confirmation)
    assert isinstance(found, Named) or found in ("code", "confirmation")
    digits = found.number + found.confirmation if isinstance(found, Named) else "0" * 26
    assert len(digits) == 26
    assert digits.isascii()
    assert digits.isdigit()


def read(code: str, confirmation: str) -> Named | str:
    """The slip, or the field that the refusal belongs to."""
    try:
        return named(code, confirmation)
    except Refused as refused:
        return refused.field


def test_every_way_is_reported_through_a_channel_that_exists() -> None:
    assert {one.channel for one in ways().values()} <= set(Channel.values)
    with pytest.raises(Refused):
        way("pigeon")


def test_apps_take_300000_yen_and_not_one_more() -> None:
    assert way("app").takes(300_000)
    assert not way("app").takes(300_001)
    assert way("card").takes(99_999_999_999)


@pytest.mark.parametrize(
    ("yen", "fee"),
    [
        (1, 40), (10_000, 40), (10_001, 123), (20_000, 123), (20_001, 205), (30_000, 205), (40_000, 288),
        (40_001, 370), (50_000, 370), (50_001, 453), (100_000, 783),
    ],
)  # fmt: skip
def test_the_card_s_fee_goes_on_from_its_table(yen: int, fee: int) -> None:
    assert card_fee(yen) == fee
    assert way("card").fee_of(yen) == fee
    assert way("app").fee_of(yen) == 0
