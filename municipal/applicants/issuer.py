"""What the embedded provider is called, with what it signs, and what it tells of a person (研修用の認証の提供者).

Shaped like the national digital-authentication app as far as that is known from excerpts: code flow only, PKCE with
S256, nonce, a client that proves itself by a signed message. Unverified against the real one; real towns never have it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils.crypto import salted_hmac
from joserfc.jwk import ECKey

from municipal.core.refusals import Refused

from .authority import key_of
from .models import Card

CLIENT = "kijun"
ALGORITHM = "ES256"
ACR = "aal3"
SCOPES = ("openid", "name", "birthdate", "gender", "address")


def issuer(town: int) -> str:
    """The name of the provider of a made-up town; an address that no network leads to (発行者)."""
    return f"https://card.invalid/{town:06d}"


def token_endpoint(town: int) -> str:
    """For whom a client's signed message is meant (トークンの窓口)."""
    return f"{issuer(town)}/token"


def jwk(*names: object) -> ECKey:
    """A signing key with its number, which is made of the key itself (署名鍵)."""
    pem = key_of(*names).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = ECKey.import_key(pem)
    return ECKey.import_key(pem, {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM})


def provider_key(town: int) -> ECKey:
    """The key of ID tokens (IDトークンの鍵)."""
    return jwk("provider", town)


def client_key(town: int) -> ECKey:
    """The key with which this installation proves itself to the embedded provider (クライアントの鍵)."""
    return jwk("client", town)


def key_set(town: int) -> dict[str, Any]:
    """The public keys, as the provider shows them to everybody (公開鍵)."""
    return {"keys": [cast(dict[str, Any], provider_key(town).as_dict(private=False))]}


def subject(town: int, card: Card) -> str:
    """The provider's name of a person: the same with every card, and telling nothing of them (識別子)."""
    return salted_hmac("kijun subject", f"{town}\0{card.holder_id}", algorithm="sha256").hexdigest()[:40]


def claims(town: int, card: Card, scope: str) -> dict[str, Any]:
    """What is told of the card's holder: the items that were asked for (提供する項目)."""
    said: Mapping[str, Any] = {
        "name": card.name, "birthdate": card.born_on, "gender": card.sex, "address": {"formatted": card.address},
    }  # fmt: skip
    asked = scope.split()
    return {"sub": subject(town, card)} | {name: value for name, value in said.items() if name in asked}


def digest(secret: str) -> str:
    """Under what a code or a token is kept (ハッシュ)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def refuse_request(parameters: Mapping[str, str], redirect_uri: str) -> None:
    """Raise Refused for a request for a sign-in that lacks anything which makes it safe (認可要求の確認)."""
    wanted = {
        "client_id": CLIENT, "redirect_uri": redirect_uri, "response_type": "code", "code_challenge_method": "S256",
    }  # fmt: skip
    is_right = all(parameters.get(name) == value for name, value in wanted.items())
    scope = parameters.get("scope", "").split()
    has_secrets = len(parameters.get("code_challenge", "")) == 43 and all(
        16 <= len(parameters.get(name, "")) <= 200 for name in ("state", "nonce")
    )
    if not (is_right and has_secrets and "openid" in scope and set(scope) <= set(SCOPES)):
        raise Refused("サインインの要求が正しくありません。はじめからやり直してください。", code="bad_request")
