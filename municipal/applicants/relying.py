"""The relying party: how a provider is asked who somebody is, and when its answer is believed (認証の依頼側).

Authorisation code with PKCE S256, state, nonce and private_key_jwt. Which provider: the file that the setting
``KIJUN_OIDC`` names, for every municipality of the installation; without it, the embedded one for made-up towns.
"""

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.rules import is_one_line
from municipal.municipalities.models import Municipality

from . import issuer
from .facts import Facts
from .operations.consenting import ASSERTION_TYPE, redeem, told

log = logging.getLogger("kijun.applicants")

SECONDS, MOST_BYTES, LEEWAY = 5, 64 * 1024, 30
BELIEVED = ("ES256", "ES384", "RS256", "PS256")
UNAVAILABLE = Refused(
    "この自治体では、カードでのサインインはまだ使えません。窓口をご利用ください。", code="unavailable"
)
NO_ANSWER = Refused(
    "本人確認のサービスにつながりません。しばらくしてから、もう一度お試しください。", code="unavailable"
)
NOT_BELIEVED = Refused(
    "本人確認の結果を確かめられませんでした。はじめからサインインし直してください。", code="not_believed"
)


@dataclass(frozen=True)
class Asked:
    """What the browser keeps while its holder is at the provider; used for one answer (サインインの途中)."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def as_dict(self) -> dict[str, str]:
        """For a signed cookie (控え)."""
        return asdict(self)


@dataclass(frozen=True)
class Known:
    """Whom a provider vouches for, and the four items that came with it (本人確認の結果)."""

    issuer: str
    subject: str
    facts: Facts


class Provider(Protocol):
    """Somebody who vouches for applicants (認証の提供者)."""

    @property
    def issuer(self) -> str:
        """Its name, as its tokens have it."""

    @property
    def client(self) -> str:
        """The name under which we are registered there."""

    @property
    def token_endpoint(self) -> str:
        """For whom our proof is meant."""

    @property
    def acr(self) -> tuple[str, ...]:
        """The levels of assurance that are enough for us."""

    def key(self) -> ECKey | RSAKey:
        """The key with which we prove ourselves."""

    def keys(self) -> KeySet:
        """The keys of which one signed the ID token. Raises Refused."""

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """What the token endpoint answers. Raises Refused."""

    def told(self, token: str) -> Mapping[str, Any]:
        """What the provider says of the person. Raises Refused."""


@dataclass(frozen=True)
class Embedded:
    """The provider of the training room, asked without a network (研修用の認証の提供者)."""

    town: int
    client: str = issuer.CLIENT
    acr: tuple[str, ...] = (issuer.ACR,)

    @property
    def issuer(self) -> str:
        return issuer.issuer(self.town)

    @property
    def token_endpoint(self) -> str:
        return issuer.token_endpoint(self.town)

    def key(self) -> ECKey:
        return issuer.client_key(self.town)

    def keys(self) -> KeySet:
        return KeySet.import_key_set(issuer.key_set(self.town))  # type: ignore[arg-type]

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        return redeem(town=self.town, form=form)

    def told(self, token: str) -> Mapping[str, Any]:
        return told(town=self.town, token=token)


class _Stay(HTTPRedirectHandler):
    """A provider that sends us elsewhere is not followed: our proof is for it alone."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Remote:
    """A provider elsewhere, as a file of settings describes it (外部の認証の提供者). Tried against no real one yet."""

    issuer: str
    client: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    key_file: str
    acr: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Remote":
        """The provider of a file. Raises ValueError for one that lacks something or names an address without TLS."""
        said = json.loads(path.read_text(encoding="utf-8"))
        made = cls(**{name: said[name] for name in cls.__dataclass_fields__ if name != "acr"}, acr=tuple(said["acr"]))
        ours = (made.issuer, made.authorization_endpoint, made.token_endpoint, made.userinfo_endpoint, made.jwks_uri)
        if not all(address.startswith("https://") for address in ours) or not made.acr:
            raise ValueError(f"{path}: every address must begin with https://, and acr must name a level")
        return made

    def key(self) -> ECKey | RSAKey:
        pem = Path(self.key_file).read_bytes()
        try:
            return ECKey.import_key(pem)
        except (ValueError, TypeError, JoseError):
            return RSAKey.import_key(pem)

    def keys(self) -> KeySet:
        return KeySet.import_key_set(self._asked(Request(self.jwks_uri)))  # type: ignore[arg-type]  # noqa: S310

    def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        return self._asked(Request(self.token_endpoint, urlencode(form).encode(), method="POST"))  # noqa: S310

    def told(self, token: str) -> Mapping[str, Any]:
        return self._asked(Request(self.userinfo_endpoint, headers={"Authorization": f"Bearer {token}"}))  # noqa: S310

    def _asked(self, request: Request) -> dict[str, Any]:
        opener: OpenerDirector = build_opener(_Stay)
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                found = json.loads(answer.read(MOST_BYTES))
        except (URLError, OSError, ValueError):
            raise NO_ANSWER from None
        if not isinstance(found, dict):
            raise NO_ANSWER
        return found


def provider(town: Municipality) -> Embedded | Remote:
    """Who vouches for this municipality's applicants (認証の提供者の選択). Raises Refused where nobody does."""
    if settings.KIJUN_OIDC:
        try:
            return Remote.read(Path(settings.KIJUN_OIDC))
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("KIJUN_OIDC does not describe a provider")
            raise NO_ANSWER from None
    if not town.is_fictional:
        raise UNAVAILABLE
    return Embedded(town.pk)


def is_simulated(town: Municipality) -> bool:
    """Whether simulated cards are what people sign in with (研修用か)."""
    return bool(town.is_fictional and not settings.KIJUN_OIDC)


def address_to_ask(client: str, page: str, asked: Asked, redirect_uri: str) -> str:
    """The provider's page with everything that makes the answer ours (認可要求)."""
    made: str = prepare_grant_uri(
        page, client, "code", redirect_uri=redirect_uri, scope=" ".join(issuer.SCOPES), state=asked.state,
        nonce=asked.nonce, code_challenge=create_s256_code_challenge(asked.verifier), code_challenge_method="S256",
    )  # fmt: skip
    return made


def known(who: Provider, asked: Asked, answer: Mapping[str, str], redirect_uri: str) -> Known:
    """Whom the provider's answer vouches for (認証応答の検証).

    Raises Refused for an answer to another question, and for anything in it that cannot be believed.
    """
    if answer.get("state") != asked.state or not answer.get("code"):
        raise NOT_BELIEVED
    if answer.get("iss", who.issuer) != who.issuer:
        raise NOT_BELIEVED
    tokens = who.token(_request(who, asked, answer["code"], redirect_uri))
    said = _believed(who, asked, str(tokens.get("id_token", "")))
    more = who.told(str(tokens.get("access_token", "")))
    if more.get("sub") != said["sub"]:
        raise NOT_BELIEVED
    return Known(who.issuer, str(said["sub"]), _facts(more))


def _request(who: Provider, asked: Asked, code: str, redirect_uri: str) -> dict[str, str]:
    now = int(clock.now().timestamp())
    key = who.key()
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    message = private_key_jwt_sign(
        key, who.client, who.token_endpoint, alg=algorithm, issued_at=now, expires_at=now + 60
    )  # fmt: skip
    return {
        "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "client_id": who.client,
        "code_verifier": asked.verifier, "client_assertion_type": ASSERTION_TYPE, "client_assertion": str(message),
    }  # fmt: skip


def _believed(who: Provider, asked: Asked, token: str) -> dict[str, Any]:
    """The claims of an ID token: signed by the provider, for us, now, for this question, at a level that we asked."""
    now = int(clock.now().timestamp())
    try:
        read = jwt.decode(token, who.keys(), algorithms=list(BELIEVED))
        found = CodeIDToken(
            read.claims, read.header,
            {
                "iss": {"essential": True, "value": who.issuer}, "aud": {"essential": True, "value": who.client},
                "acr": {"essential": True, "values": list(who.acr)}, "nonce": {"essential": True},
            },
            {"nonce": asked.nonce, "client_id": who.client},
        )  # fmt: skip
        found.validate(now=now, leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NOT_BELIEVED from None
    if not isinstance(found["sub"], str) or not 0 < len(found["sub"]) <= 255:
        raise NOT_BELIEVED
    return dict(found)


def _facts(said: Mapping[str, Any]) -> Facts:
    """The items as one line each. Raises Refused for what no line of a card can be."""
    address = said.get("address")
    place = address.get("formatted", "") if isinstance(address, Mapping) else ""
    items = [str(one or "")[:600] for one in (said.get("name"), said.get("birthdate"), said.get("gender"), place)]
    if not all(map(is_one_line, items)):
        raise NOT_BELIEVED
    return Facts(*items)
