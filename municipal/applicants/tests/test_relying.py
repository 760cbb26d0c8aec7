"""The relying party, with every answer that must not be believed (認証の依頼側の試験)."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from conftest import TOWN
from municipal.applicants import issuer
from municipal.applicants.models import Card
from municipal.applicants.relying import Asked, Embedded, Remote, address_to_ask, provider
from municipal.core import clock
from municipal.municipalities.models import Municipality

from .holding import HERE, NOON, asked_for, code_for, given_card, known_by, refusal

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


@dataclass(frozen=True)
class Spoilt(Embedded):
    """The embedded provider with an ID token that was tampered with."""

    spoil: Callable[[Claims, ECKey], str] = lambda claims, key: ""

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        found = dict(super().token(form))
        key = issuer.provider_key(self.town)
        claims = dict(jwt.decode(found["id_token"], key, algorithms=["ES256"]).claims)
        return found | {"id_token": self.spoil(claims, key)}


def _with(**changes: Any) -> Callable[[Claims, ECKey], str]:
    def made(claims: Claims, key: ECKey) -> str:
        said = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, said, key)

    return made


def _by_hand(header: Claims, claims: Claims, secret: bytes) -> str:
    """What the library refuses to make."""
    said = b".".join(urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims))
    mark = hmac.digest(secret, said, "sha256") if secret else b""
    return (said + b"." + urlsafe_b64encode(mark).rstrip(b"=")).decode()


def _unsigned(claims: Claims, key: ECKey) -> str:
    return _by_hand({"alg": "none"}, claims, b"")


def _by_the_public_key(claims: Claims, key: ECKey) -> str:
    """The old trick: the public key taken for a shared secret."""
    return _by_hand({"alg": "HS256", "kid": key.kid}, claims, key.as_pem(private=False))


def _by_somebody_else(claims: Claims, key: ECKey) -> str:
    other = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, other)


def test_an_answer_to_another_question_is_not_believed(card: Card) -> None:
    asked = Asked()
    code = code_for(asked, card)
    for answer in ({"state": Asked().state}, {"state": ""}, {"iss": "https://elsewhere.example"}):
        assert refusal(lambda answer=answer: known_by(asked, code, **answer)) == "not_believed"  # type: ignore[misc]


def test_an_answer_without_a_code_is_not_believed(card: Card) -> None:
    asked = Asked()
    assert refusal(lambda: known_by(asked, "", error="access_denied")) == "not_believed"


@dataclass(frozen=True)
class Told(Embedded):
    """The embedded provider that tells something else of the person."""

    more: Claims = field(default_factory=dict)

    def told(self, token: str) -> Mapping[str, Any]:
        return dict(super().told(token)) | self.more


@pytest.mark.parametrize("more", [{"sub": "somebody else"}, {"name": "甲野\0"}, {"address": {"formatted": "松町\n"}}])
def test_items_of_somebody_else_or_of_more_than_one_line_are_not_believed(card: Card, more: Claims) -> None:
    asked = Asked()
    assert refusal(lambda: known_by(asked, code_for(asked, card), Told(TOWN, more=more))) == "not_believed"


@pytest.mark.parametrize("more", [{"address": "松町"}, {"address": None}, {"name": None, "gender": 7}])
def test_items_that_are_missing_are_empty(card: Card, more: Claims) -> None:
    asked = Asked()
    found = known_by(asked, code_for(asked, card), Told(TOWN, more=more)).facts
    assert "" in (found.name, found.address)


def test_a_token_with_the_nonce_of_another_browser_is_not_believed(card: Card) -> None:
    asked = Asked()
    other = replace(asked, nonce=Asked().nonce)
    assert refusal(lambda: known_by(asked, code_for(other, card))) == "not_believed"


@pytest.mark.parametrize(
    "spoil",
    [
        _unsigned, _by_the_public_key, _by_somebody_else, lambda claims, key: "", lambda claims, key: "a.b.c",
        _with(iss="https://elsewhere.example"), _with(aud="other"), _with(exp=_seconds(-31)), _with(nonce=None),
        _with(exp=None), _with(acr="aal1"), _with(acr=None), _with(sub=""), _with(sub=7), _with(sub="s" * 256),
        _with(sub="somebody else"), _with(iat=_seconds(3600)),
    ],
)  # fmt: skip
def test_an_id_token_that_is_not_wholly_right_is_not_believed(card: Card, spoil: Any) -> None:
    asked = Asked()
    assert refusal(lambda: known_by(asked, code_for(asked, card), Spoilt(TOWN, spoil=spoil))) == "not_believed"


def test_the_token_as_it_was_is_believed_by_the_same_test_double(card: Card) -> None:
    asked = Asked()
    assert known_by(asked, code_for(asked, card), Spoilt(TOWN, spoil=_with())).subject


def test_the_address_that_is_asked_holds_the_challenge_and_never_the_verifier() -> None:
    asked = Asked()
    address = address_to_ask("kijun", "https://id.example/authorize", asked, HERE)
    said = parse_qs(urlsplit(address).query)
    assert asked.verifier not in address
    assert said["code_challenge_method"] == ["S256"]
    assert (said["state"], said["nonce"]) == ([asked.state], [asked.nonce])
    assert asked_for(asked)["redirect_uri"] == HERE


def _file(folder: Path, **changes: Any) -> str:
    said = {
        "issuer": "https://id.example", "client": "town", "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token", "userinfo_endpoint": "https://id.example/userinfo",
        "jwks_uri": "https://id.example/keys", "key_file": "key.pem", "acr": ["aal3"],
    }  # fmt: skip
    path = folder / "oidc.json"
    path.write_text(json.dumps(said | changes), encoding="utf-8")
    return str(path)


def test_a_real_town_has_no_sign_in_until_a_provider_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, made_up = Municipality(pk=132012), Municipality(pk=TOWN, is_fictional=True)
    assert refusal(lambda: provider(real)) == "unavailable"
    assert isinstance(provider(made_up), Embedded)
    monkeypatch.setattr(settings, "KIJUN_OIDC", _file(tmp_path))
    assert {type(provider(town)) for town in (real, made_up)} == {Remote}


@pytest.mark.parametrize(
    "changes", [{"token_endpoint": "http://id.example/token"}, {"acr": []}, {"jwks_uri": "file:///etc/passwd"}]
)
def test_a_provider_without_tls_or_level_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="https://"):
        Remote.read(Path(_file(tmp_path, **changes)))


def test_a_provider_that_does_not_answer_is_one_clear_sentence(tmp_path: Path) -> None:
    silent = Remote.read(Path(_file(tmp_path, token_endpoint="https://127.0.0.1:9/token")))
    assert refusal(lambda: silent.token({"code": "x"})) == "unavailable"


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"acr": 7}'])
def test_a_file_that_describes_no_provider_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "oidc.json"
    if text:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(settings, "KIJUN_OIDC", str(path))
    assert refusal(lambda: provider(Municipality(pk=TOWN))) == "unavailable"
