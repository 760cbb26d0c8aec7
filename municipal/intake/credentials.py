"""How one system proves to another who it is: client_secret_jwt, and tokens that live a short time (機関間の認証).

Common functions 2.1, section 2.2.5: client credentials only, HS256, no refresh token, a client id of 32 letters and
digits, scopes ``${business}:${resource}:${operation}``, one token for one provider.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc7523 import client_secret_jwt_sign
from django.utils.crypto import salted_hmac
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from municipal.core import clock
from municipal.core.refusals import Refused

GRANT, ASSERTION_TYPE = "client_credentials", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHM = "HS256"
ASSERTION_LIVES, TOKEN_LIVES = 60, 300
LONGEST_ASSERTION = 300
CLIENT = re.compile(r"[0-9A-Za-z]{32}", re.ASCII)
SHORTEST_SECRET = 32
SCOPE = re.compile(r"[0-9A-Za-z]{3}:[0-9A-Za-z_./-]+:(?:Create|Read|Update|Delete)", re.ASCII)

LIST, READ, REPORT = "900:intake/v1/list:Read", "900:intake/v1/application:Read", "900:intake/v1/status:Create"
"""The business id 900 stands for the portal here: its real id was not at hand."""
SCOPES = (LIST, READ, REPORT)

NO_CLIENT = Refused("クライアントを確かめられません。", code="invalid_client")
NO_SCOPE = Refused("この範囲のトークンは出せません。", code="invalid_scope")
NO_GRANT = Refused("この方法ではトークンを出しません。", code="unsupported_grant_type")


def asking(client: str, secret: str, endpoint: str) -> dict[str, str]:
    """The form with which a client asks for a token (トークンの要求)."""
    now = int(clock.now().timestamp())
    message = client_secret_jwt_sign(
        OctKey.import_key(secret), client, endpoint, issued_at=now, expires_at=now + ASSERTION_LIVES,
    )  # fmt: skip
    return {
        "grant_type": GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": str(message),
        "scope": " ".join(SCOPES),
    }  # fmt: skip


def client_of(town: int) -> str:
    """The id under which a made-up town is known to the simulated portal (クライアントID)."""
    return salted_hmac("kijun portal client", str(town), algorithm="sha256").hexdigest()[:32]


def secret_of(town: int) -> str:
    """Its secret; derived from the installation's own, so that it lies in no table (クライアントシークレット)."""
    return salted_hmac("kijun portal secret", str(town), algorithm="sha256").hexdigest()


def token_for(town: int, endpoint: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The simulated portal's answer to a client that proves itself (トークンの発行). Raises Refused."""
    if form.get("grant_type") != GRANT:
        raise NO_GRANT
    scopes = form.get("scope", "").split()
    _check_assertion(town, endpoint, form)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise NO_SCOPE
    now = int(clock.now().timestamp())
    said = {
        "sub": client_of(town), "aud": f"{town:06d}", "scope": " ".join(scopes), "iat": now, "exp": now + TOKEN_LIVES,
        "jti": secrets.token_hex(16),
    }  # fmt: skip
    token = jwt.encode({"alg": ALGORITHM}, said, _token_key(town))
    return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIVES, "scope": said["scope"]}


def _check_assertion(town: int, endpoint: str, form: Mapping[str, str]) -> None:
    now, client = int(clock.now().timestamp()), client_of(town)
    try:
        read = jwt.decode(form.get("client_assertion", ""), OctKey.import_key(secret_of(town)), algorithms=[ALGORITHM])
        jwt.JWTClaimsRegistry(
            now=now, iss={"essential": True, "value": client}, sub={"essential": True, "value": client},
            aud={"essential": True, "value": endpoint}, exp={"essential": True}, iat={"essential": True},
            jti={"essential": True},
        ).validate(read.claims)  # fmt: skip
        is_short = int(read.claims["exp"]) - now <= LONGEST_ASSERTION
    except (JoseError, ValueError, TypeError):
        raise NO_CLIENT from None
    if form.get("client_assertion_type") != ASSERTION_TYPE or not is_short:
        raise NO_CLIENT


def is_allowed(town: int, header: str, scope: str) -> bool:
    """Whether a header carries a token of this town that counts now and reaches so far (トークンの確認)."""
    try:
        read = jwt.decode(header.removeprefix("Bearer "), _token_key(town), algorithms=[ALGORITHM])
        jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()), exp={"essential": True},
            aud={"essential": True, "value": f"{town:06d}"},
        ).validate(read.claims)  # fmt: skip
    except (JoseError, ValueError, TypeError):
        return False
    return header.startswith("Bearer ") and scope in str(read.claims.get("scope", "")).split()


def _token_key(town: int) -> OctKey:
    return OctKey.import_key(salted_hmac("kijun portal token", str(town), algorithm="sha256").digest())
