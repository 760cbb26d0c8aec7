"""Cards of the training room: PINs that lock, certificates that end, signatures that hold (模擬カードの試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography import x509
from django.db import DatabaseError, connections

from conftest import OTHER_TOWN, TOWN
from municipal.applicants.authority import Signature, is_genuine, sealed_pin
from municipal.applicants.models import Card, Certificate, Revocation
from municipal.applicants.operations import (
    enter_pin,
    follow_register,
    is_good,
    issue_card,
    renew_signature,
    report_loss,
    set_pin,
    sign,
)
from municipal.applicants.operations.cards import in_force_of
from municipal.applicants.rules import Use
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office.outbox import deliver_next, emit
from municipal.residents.models import ResidentRecord
from municipal.residents.operations.carrying_out import TOPIC
from municipal.residents.tests.people import enter

from .holding import CLERK, NOON, PIN, SIGNATURE_PIN, card_of, given_card, resident

TEXT = "転出届".encode()
MOVED = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def card(committed_db: str) -> Card:
    return given_card()


def _entered(card: Card, pin: str, use: Use = Use.SIGN_IN) -> str:
    """The code of the refusal; empty where the PIN opened the card."""
    try:
        enter_pin(town=TOWN, number=card.number, use=use, pin=pin)
    except Refused as refused:
        return refused.code
    return ""


def _newest(card: Card) -> ResidentRecord:
    return ResidentRecord.objects.filter(addressee=card.holder_id).order_by("-serial")[0]


def _changed(card: Card, **items: str) -> None:
    """The register learns something of the holder, and the certificates follow by the outbox."""
    with wall.within(TOWN):
        enter(_newest(card), MOVED, **items)
        emit(topic=TOPIC, subjects=[card.holder_id], payload={"event": 1, "act": "move_within"})
    with wall.within(TOWN):
        while deliver_next():
            pass


def _in_force(card: Card) -> list[str]:
    with wall.within(TOWN):
        return sorted(one.use for one in in_force_of([card.holder_id]) if one.card_id == card.pk)


def test_the_right_pin_opens_the_card_and_spaces_in_the_number_do_not_matter(card: Card) -> None:
    spaced = f"{card.number[:4]} {card.number[4:8]} {card.number[8:]}"
    assert enter_pin(town=TOWN, number=spaced, use=Use.SIGN_IN, pin=PIN).pk == card.pk


def test_the_third_wrong_pin_in_a_row_locks_the_card_even_for_the_right_one(card: Card) -> None:
    assert [_entered(card, "9999") for _ in range(3)] == ["wrong_pin", "wrong_pin", "card_locked"]
    assert _entered(card, PIN) == "card_locked"
    assert _entered(card, SIGNATURE_PIN, Use.SIGNATURE) == ""


def test_the_fifth_wrong_pin_of_the_signature_locks_it_alone(card: Card) -> None:
    tried = [_entered(card, "WRONG1", Use.SIGNATURE) for _ in range(5)]
    assert tried == ["wrong_pin"] * 4 + ["card_locked"]
    assert _entered(card, PIN) == ""


def test_a_refusal_says_how_many_tries_are_left(card: Card) -> None:
    with pytest.raises(Refused, match="あと2回"):
        enter_pin(town=TOWN, number=card.number, use=Use.SIGN_IN, pin="9999")


def test_the_right_pin_sets_the_count_back(card: Card) -> None:
    for pin in ("9999", "9999", PIN, "9999", "9999"):
        _entered(card, pin)
    assert _entered(card, PIN) == ""


@pytest.mark.parametrize("pin", ["", "123", "12345", "１２３４", "12a4", "1234\n", "\0\0\0\0"])
def test_what_has_not_the_form_of_a_pin_is_no_try(card: Card, pin: str) -> None:
    assert [_entered(card, pin) for _ in range(4)] == ["pin_form"] * 4
    assert _entered(card, PIN) == ""


def test_the_counter_opens_a_locked_card_with_a_new_pin(card: Card) -> None:
    for _ in range(3):
        _entered(card, "9999")
    with wall.within(TOWN):
        set_pin(actor=CLERK, card=card, use=Use.SIGN_IN, pin="4321")
    assert [_entered(card, pin) for pin in ("4321", PIN)] == ["", "wrong_pin"]


@pytest.mark.parametrize("number", ["", "000000000000", "x" * 12, "1" * 400])
def test_a_number_that_no_card_has_opens_nothing(card: Card, number: str) -> None:
    with pytest.raises(Refused) as said:
        enter_pin(town=TOWN, number=number, use=Use.SIGN_IN, pin=PIN)
    assert said.value.code == "no_such_card"


def test_a_card_of_another_town_is_not_known_here(card: Card) -> None:
    with pytest.raises(Refused) as said:
        enter_pin(town=OTHER_TOWN, number=card.number, use=Use.SIGN_IN, pin=PIN)
    assert said.value.code == "no_such_card"


def test_a_real_municipality_has_no_simulated_cards(committed_db: str) -> None:
    Municipality.objects.using("owner").filter(pk=TOWN).update(is_fictional=False)
    with wall.within(TOWN), pytest.raises(Refused, match="架空の自治体"):
        card_of(resident().addressee)


@pytest.mark.parametrize("pins", [{"pin_user": "12345"}, {"pin_signature": "kijun2026"}, {"pin_signature": "AB123"}])
def test_a_card_is_not_issued_with_pins_of_another_form(town: int, pins: dict[str, str]) -> None:
    with pytest.raises(Refused, match="数字4桁"):
        card_of(resident().addressee, **pins)


def test_only_the_certificate_of_signatures_says_who_the_holder_is(card: Card) -> None:
    with wall.within(TOWN):
        content = {one.use: bytes(one.content) for one in Certificate.objects.filter(card=card)}
    name = "甲野　花子".encode()
    assert name in content["signature"]
    assert "松町".encode() in content["signature"]
    assert name not in content["user"]
    assert {x509.load_der_x509_certificate(one).version for one in content.values()} == {x509.Version.v3}


def test_pins_are_kept_under_the_secret_of_the_installation(card: Card, settings: Any) -> None:
    kept = card.pin_user, card.pin_signature
    assert sealed_pin(card.number, Use.SIGN_IN, PIN) == kept[0]
    assert sealed_pin(card.number, Use.SIGNATURE, SIGNATURE_PIN) == kept[1]
    # The same PIN on another card and under another secret is something else: no table of PINs opens the database.
    assert sealed_pin("0" * 12, Use.SIGN_IN, PIN) not in kept
    settings.SECRET_KEY = "another"
    assert sealed_pin(card.number, Use.SIGN_IN, PIN) not in kept


def test_a_signature_holds_for_its_text_alone(card: Card) -> None:
    made = sign(town=TOWN, number=card.number, pin=SIGNATURE_PIN, text=TEXT)
    with wall.within(TOWN):
        assert is_good(made, TEXT)
        assert not is_good(made, TEXT + b" ")
        assert not is_good(replace(made, signature=made.signature[:-1] + b"\0"), TEXT)
        assert not is_good(Signature(made.signature, b"no certificate"), TEXT)


def test_a_signature_of_one_town_is_none_in_another(card: Card) -> None:
    made = sign(town=TOWN, number=card.number, pin=SIGNATURE_PIN, text=TEXT)
    with wall.within(OTHER_TOWN):
        assert not is_good(made, TEXT)
    assert not is_genuine(TOWN, Use.SIGN_IN, made, TEXT, NOON)


def test_a_certificate_counts_until_its_last_day_and_no_longer(card: Card) -> None:
    made = sign(town=TOWN, number=card.number, pin=SIGNATURE_PIN, text=TEXT)
    assert is_genuine(TOWN, Use.SIGNATURE, made, TEXT, NOON + timedelta(days=1826))
    with clock.stopped_at(NOON + timedelta(days=1826, seconds=1)):
        assert not is_genuine(TOWN, Use.SIGNATURE, made, TEXT, clock.now())
        assert _entered(card, PIN) == "certificate_ended"


def test_moving_ends_the_signature_s_certificate_and_leaves_that_of_signing_in(card: Card) -> None:
    made = sign(town=TOWN, number=card.number, pin=SIGNATURE_PIN, text=TEXT)
    _changed(card, address_lot="２番地")
    assert _in_force(card) == ["user"]
    assert _entered(card, SIGNATURE_PIN, Use.SIGNATURE) == "certificate_ended"
    with wall.within(TOWN):
        assert not is_good(made, TEXT)
        assert Revocation.objects.get().why == Revocation.Why.CHANGED


def test_an_act_that_changes_none_of_the_four_items_ends_nothing(card: Card) -> None:
    _changed(card, relationship="同居人", domicile="見本県見本市本通２番地")
    assert _in_force(card) == ["signature", "user"]


@pytest.mark.parametrize("items", [{"name": "乙野　花子"}, {"sex": "1"}])
def test_another_name_or_sex_ends_the_signature_s_certificate(card: Card, items: dict[str, str]) -> None:
    _changed(card, **items)
    assert _in_force(card) == ["user"]


def test_after_moving_the_counter_writes_the_new_address_on_the_card(card: Card) -> None:
    _changed(card, address_lot="２番地")
    with wall.within(TOWN):
        renew_signature(actor=CLERK, card=card)
        assert Card.objects.get(pk=card.pk).address.endswith("２番地")
    made = sign(town=TOWN, number=card.number, pin=SIGNATURE_PIN, text=TEXT)
    with wall.within(TOWN):
        assert is_good(made, TEXT)
        assert follow_register(actor=CLERK, people=[card.holder_id]) == 0


def test_death_ends_both_certificates_and_hearing_of_it_again_ends_nothing_more(card: Card) -> None:
    _changed(card, status="3")
    assert _in_force(card) == []
    assert _entered(card, PIN) == "certificate_ended"
    with wall.within(TOWN):
        assert follow_register(actor=CLERK, people=[card.holder_id]) == 0
        with pytest.raises(Refused, match="住民でない方"):
            renew_signature(actor=CLERK, card=card)


def test_a_lost_card_opens_nothing_and_a_new_one_does(card: Card) -> None:
    with wall.within(TOWN):
        report_loss(actor=CLERK, card=card)
        fresh = issue_card(actor=CLERK, holder=card.holder, pin_user=PIN, pin_signature=SIGNATURE_PIN)
    assert [_entered(one, PIN) for one in (card, fresh)] == ["certificate_ended", ""]


def test_a_second_card_ends_the_first_one_s_certificates(card: Card) -> None:
    with wall.within(TOWN):
        card_of(card.holder)
    assert _in_force(card) == []


@pytest.mark.parametrize(
    "statement", ["DELETE FROM applicants_revocation", "UPDATE applicants_certificate SET use = ''"]
)
def test_nobody_takes_a_revocation_back_or_changes_a_certificate(card: Card, statement: str) -> None:
    with wall.within(TOWN):
        report_loss(actor=CLERK, card=card)
    with pytest.raises(DatabaseError), wall.within(TOWN, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_guesses_that_come_at_once_do_not_outrun_the_count(card: Card) -> None:
    def guess(number: int) -> str:
        try:
            return _entered(card, f"{number:04d}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        said = sorted(threads.map(guess, range(5000, 5008)))
    assert said == ["card_locked"] * 6 + ["wrong_pin"] * 2
    with wall.within(TOWN):
        assert Card.objects.get(pk=card.pk).failures_user == 3
