"""The embedded provider: what it asks of a client, a code and a token (認証の提供者の試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from joserfc import jwt
from joserfc.jwk import ECKey

from conftest import OTHER_TOWN, TOWN
from municipal.applicants import issuer
from municipal.applicants.models import Card, Consent
from municipal.applicants.operations import redeem, told
from municipal.applicants.operations.consenting import ASSERTION_TYPE
from municipal.applicants.relying import Asked, Embedded
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .holding import HERE, NOON, code_for, given_card, known_by, refusal

Claims = dict[str, Any]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def card(committed_db: str) -> Card:
    return given_card()


def _seconds(more: int = 0) -> int:
    return int(NOON.timestamp()) + more


def _message(key: ECKey | None = None, **changes: Any) -> str:
    said = {
        "iss": "kijun", "sub": "kijun", "aud": issuer.token_endpoint(TOWN), "iat": _seconds(), "exp": _seconds(60),
        "jti": "0123456789abcdef",
    }  # fmt: skip
    return jwt.encode({"alg": "ES256"}, said | changes, key or issuer.client_key(TOWN))


def _form(asked: Asked, code: str, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code", "code": code, "redirect_uri": HERE, "code_verifier": asked.verifier,
        "client_assertion_type": ASSERTION_TYPE, "client_assertion": _message(),
    } | changes  # fmt: skip


def test_who_knows_the_pin_is_vouched_for_with_the_four_items(card: Card) -> None:
    asked = Asked()
    found = known_by(asked, code_for(asked, card))
    assert found.facts == card.facts
    assert found.facts.name == "甲野　花子"
    assert len(found.subject) == 40


def test_the_provider_s_name_of_a_person_tells_nothing_and_stays_with_a_new_card(card: Card) -> None:
    asked = Asked()
    first = known_by(asked, code_for(asked, card)).subject
    assert first == issuer.subject(TOWN, card) != issuer.subject(OTHER_TOWN, card)
    assert str(card.number) not in first


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"}, {"redirect_uri": "https://elsewhere.example/"}, {"response_type": "token"},
        {"code_challenge_method": "plain"}, {"code_challenge": ""}, {"state": "short"}, {"nonce": ""},
        {"nonce": "n" * 201}, {"scope": "name"}, {"scope": "openid individual_number"},
    ],
)  # fmt: skip
def test_a_request_that_lacks_what_makes_it_safe_gets_no_code(card: Card, changes: dict[str, str]) -> None:
    assert refusal(lambda: code_for(Asked(), card, **changes)) == "bad_request"
    with wall.within(TOWN):
        assert not Consent.objects.exists()


def test_a_code_counts_once_and_its_repetition_takes_the_token_away(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)
    token = redeem(town=TOWN, form=_form(asked, code))["access_token"]
    assert told(town=TOWN, token=token)["name"] == "甲野　花子"
    again = _form(asked, code, client_assertion=_message(jti="another-message-of-it"))
    assert refusal(lambda: redeem(town=TOWN, form=again)) == "invalid_grant"
    assert refusal(lambda: told(town=TOWN, token=token)) == "not_signed_in"


def test_a_code_is_old_after_a_minute_and_a_token_after_five(card: Card) -> None:
    asked = Asked()
    code, used = code_for(asked, card), code_for(asked, card)
    token = redeem(town=TOWN, form=_form(asked, used))["access_token"]
    with clock.stopped_at(NOON + timedelta(seconds=60)):
        late = _form(asked, code, client_assertion=_message(jti="another-message-of-it", exp=_seconds(100)))
        assert refusal(lambda: redeem(town=TOWN, form=late)) == "invalid_grant"
    with clock.stopped_at(NOON + timedelta(minutes=5)):
        assert refusal(lambda: told(town=TOWN, token=token)) == "not_signed_in"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43}, {"code_verifier": ""}, {"code_verifier": "é" * 50}, {"code": "guessed"},
        {"redirect_uri": HERE + "/"}, {"grant_type": "refresh_token"},
    ],
)  # fmt: skip
def test_a_code_is_worth_nothing_to_who_did_not_begin(card: Card, changes: dict[str, str]) -> None:
    asked = Asked()
    form = _form(asked, code_for(asked, card)) | changes
    assert refusal(lambda: redeem(town=TOWN, form=form)) == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"}, {"sub": "other"}, {"aud": "https://elsewhere.example/token"}, {"exp": _seconds(-1)},
        {"exp": _seconds(3600)}, {"jti": "short"}, {"iat": _seconds(600)},
    ],
)  # fmt: skip
def test_a_client_that_does_not_prove_itself_gets_no_token(card: Card, changes: dict[str, Any]) -> None:
    asked = Asked()
    form = _form(asked, code_for(asked, card), client_assertion=_message(**changes))
    assert refusal(lambda: redeem(town=TOWN, form=form)) == "invalid_client"


def test_a_message_signed_by_another_key_or_by_none_proves_nothing(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)
    for message in (_message(ECKey.generate_key("P-256")), _message(issuer.client_key(OTHER_TOWN)), "", "a.b.c"):
        form = _form(asked, code, client_assertion=message)
        assert refusal(lambda form=form: redeem(town=TOWN, form=form)) == "invalid_client"  # type: ignore[misc]
    other = _form(asked, code, client_assertion_type="password")
    assert refusal(lambda: redeem(town=TOWN, form=other)) == "invalid_client"


def test_a_message_of_the_client_is_answered_once(card: Card) -> None:
    asked = Asked()
    first, second = code_for(asked, card), code_for(asked, card)
    redeem(town=TOWN, form=_form(asked, first))
    assert refusal(lambda: redeem(town=TOWN, form=_form(asked, second))) == "invalid_client"


def test_codes_and_tokens_are_kept_as_hashes(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)
    token = redeem(town=TOWN, form=_form(asked, code))["access_token"]
    with wall.within(TOWN):
        kept = Consent.objects.values().get()
    assert not {code, token} & {str(value) for value in kept.values()}


def test_a_code_of_one_town_is_unknown_in_another(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)
    assert refusal(lambda: known_by(asked, code, Embedded(OTHER_TOWN))) == "invalid_grant"


def test_only_what_was_asked_for_is_told(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card, scope="openid name")
    token = redeem(town=TOWN, form=_form(asked, code))["access_token"]
    assert set(told(town=TOWN, token=token)) == {"sub", "name"}


def test_the_provider_shows_public_keys_only() -> None:
    shown = issuer.key_set(TOWN)["keys"]
    assert [set(one) >= {"kid", "x", "y", "kty", "crv"} and "d" not in one for one in shown] == [True]
    assert issuer.key_set(OTHER_TOWN) != issuer.key_set(TOWN)


def test_of_two_who_bring_one_code_at_once_one_gets_a_token(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)

    def bring(number: int) -> bool:
        form = _form(asked, code, client_assertion=_message(jti=f"message-number-{number:03}"))
        try:
            with clock.stopped_at(NOON):
                return bool(redeem(town=TOWN, form=form))
        except Refused:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(bring, range(4))) == 1
