"""The embedded provider: a PIN becomes a code, a code a token, a token four items (研修用の認証の操作)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError

from municipal.applicants import issuer
from municipal.applicants.models import Consent
from municipal.applicants.rules import Use
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .actors import HOLDER
from .cards import enter_pin

CODE_LIVES, TOKEN_LIVES = timedelta(seconds=60), timedelta(minutes=5)
LONGEST_MESSAGE = 300
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NO_CLIENT = Refused("クライアントを確かめられません。", code="invalid_client")
NO_GRANT = Refused("認可コードが使えません。サインインをやり直してください。", code="invalid_grant")
NO_TOKEN = Refused("トークンが使えません。サインインをやり直してください。", code="not_signed_in")


def consent(*, town: int, number: str, pin: str, parameters: Mapping[str, str], redirect_uri: str) -> str:
    """A code for the relying party, for who knows the PIN of the card (認可).

    Opens the door itself. Raises Refused for a request that is not safe, and as ``enter_pin`` does.
    """
    issuer.refuse_request(parameters, redirect_uri)
    card, code, now = (
        enter_pin(town=town, number=number, use=Use.SIGN_IN, pin=pin),
        secrets.token_urlsafe(32),
        clock.now(),
    )
    with wall.within(town):
        Consent.objects.create(
            card=card, code_hash=issuer.digest(code), redirect_uri=redirect_uri, nonce=parameters["nonce"],
            challenge=parameters["code_challenge"], scope=parameters["scope"], issued_at=now,
            expires_at=now + CODE_LIVES,
        )  # fmt: skip
        record(actor=HOLDER, act="applicants.consent", subjects=[card.holder_id], fields=parameters["scope"].split())
    return code


def redeem(*, town: int, form: Mapping[str, str]) -> dict[str, Any]:
    """The tokens for a code, once, to the client that began (トークンの発行).

    Opens the door itself. A code that comes a second time takes the first one's token away too. Raises Refused with
    the code "invalid_client" or "invalid_grant".
    """
    message = _message(town, form)
    with wall.within(town):
        answer = _answered(town, form, str(message["jti"]))
    if isinstance(answer, Refused):
        raise answer
    return answer


def told(*, town: int, token: str) -> dict[str, Any]:
    """The items of the card's holder, to who holds a token that counts (利用者情報). Raises Refused."""
    with wall.within(town):
        earliest = clock.now() - TOKEN_LIVES
        found = Consent.objects.filter(token_hash=issuer.digest(token), used_at__gt=earliest, withdrawn_at=None)
        consented = found.select_related("card").first()
        if consented is None:
            raise NO_TOKEN
        card = consented.card
        record(actor=HOLDER, act="applicants.tell", subjects=[card.holder_id], fields=consented.scope.split())
        return issuer.claims(town, card, consented.scope)


def _message(town: int, form: Mapping[str, str]) -> dict[str, Any]:
    """What the client signed to prove itself: for us, by it, not long ago. Raises Refused."""
    now = int(clock.now().timestamp())
    try:
        token = jwt.decode(
            form.get("client_assertion", ""), issuer.client_key(town), algorithms=[issuer.ALGORITHM]
        )  # fmt: skip
        jwt.JWTClaimsRegistry(
            now=now, iss={"essential": True, "value": issuer.CLIENT}, sub={"essential": True, "value": issuer.CLIENT},
            aud={"essential": True, "value": issuer.token_endpoint(town)}, exp={"essential": True},
            iat={"essential": True}, jti={"essential": True},
        ).validate(token.claims)  # fmt: skip
    except (JoseError, ValueError, TypeError):
        raise NO_CLIENT from None
    lives, number = token.claims["exp"] - now, str(token.claims["jti"])
    is_fit = lives <= LONGEST_MESSAGE and 16 <= len(number) <= 200
    if form.get("client_assertion_type") != ASSERTION_TYPE or not is_fit:
        raise NO_CLIENT
    return dict(token.claims)


def _answered(town: int, form: Mapping[str, str], message: str) -> dict[str, Any] | Refused:
    """A refusal is returned: what a second use takes away must outlive it."""
    now, code = clock.now(), form.get("code", "")
    found = Consent.objects.select_for_update(of=("self",)).filter(code_hash=issuer.digest(code)).first()
    if found is None or form.get("grant_type") != "authorization_code":
        return NO_GRANT
    if found.used_at is not None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        record(actor=HOLDER, act="applicants.redeem", subjects=[found.card.holder_id], kind="refusal", code="replayed")
        return NO_GRANT
    if now >= found.expires_at or not _is_same(found, form):
        return NO_GRANT
    token = secrets.token_urlsafe(32)
    found.used_at, found.assertion, found.token_hash = now, message, issuer.digest(token)
    try:
        with transaction.atomic():
            found.save(update_fields=["used_at", "assertion", "token_hash"])
    except IntegrityError:
        return NO_CLIENT
    record(actor=HOLDER, act="applicants.redeem", subjects=[found.card.holder_id])
    return {
        "access_token": token, "token_type": "Bearer", "expires_in": int(TOKEN_LIVES.total_seconds()),
        "id_token": _id_token(town, found),
    }  # fmt: skip


def _is_same(found: Consent, form: Mapping[str, str]) -> bool:
    """Whether it is the browser's own client that comes: same way back, and it knows what the challenge was made of."""
    verifier = form.get("code_verifier", "")
    is_fit = 43 <= len(verifier) <= 128 and verifier.isascii()
    return (
        is_fit
        and form.get("redirect_uri") == found.redirect_uri
        and constant_time_compare(create_s256_code_challenge(verifier), found.challenge)
    )


def _id_token(town: int, found: Consent) -> str:
    now, key = int(clock.now().timestamp()), issuer.provider_key(town)
    said = {
        "iss": issuer.issuer(town), "aud": issuer.CLIENT, "sub": issuer.subject(town, found.card),
        "iat": now, "exp": now + int(TOKEN_LIVES.total_seconds()), "auth_time": int(found.issued_at.timestamp()),
        "nonce": found.nonce, "acr": issuer.ACR,
    }  # fmt: skip
    return jwt.encode({"alg": issuer.ALGORITHM, "kid": key.kid}, said, key, algorithms=[issuer.ALGORITHM])
