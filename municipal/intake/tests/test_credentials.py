"""Who may ask the portal, and for how long (common functions 2.1, section 2.2.5) (機関間の認証の試験)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from authlib.oauth2.rfc7523 import client_secret_jwt_sign
from joserfc import jwt
from joserfc.jwk import OctKey

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.intake.credentials import (
    CLIENT,
    LIST,
    READ,
    SCOPE,
    SCOPES,
    SHORTEST_SECRET,
    asking,
    client_of,
    is_allowed,
    secret_of,
    token_for,
)
from municipal.intake.simulator import address, answer

from .coming import NOON

ENDPOINT = f"{address(TOWN)}/token"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def form(**changes: str) -> dict[str, str]:
    return asking(client_of(TOWN), secret_of(TOWN), ENDPOINT) | changes


def token(**changes: str) -> dict[str, Any]:
    return token_for(TOWN, ENDPOINT, form(**changes))


def test_ids_secrets_and_scopes_have_the_form_of_the_standard() -> None:
    assert CLIENT.fullmatch(client_of(TOWN))
    assert len(secret_of(TOWN)) >= SHORTEST_SECRET
    assert client_of(TOWN) != client_of(OTHER_TOWN)
    assert all(SCOPE.fullmatch(one) for one in SCOPES)
    # The examples that the standard prints have the same form.
    for one in ("Read", "Create"):
        assert SCOPE.fullmatch(f"031:app_submit/v10/jutogaishaatenabangofuban:{one}")


def test_a_token_is_a_bearer_token_that_lives_shortly_and_is_never_refreshed() -> None:
    made = token()
    assert set(made) == {"access_token", "token_type", "expires_in", "scope"}
    assert (made["token_type"], made["expires_in"]) == ("Bearer", 300)


def test_the_message_is_signed_with_hs256_for_this_endpoint() -> None:
    read = jwt.decode(form()["client_assertion"], OctKey.import_key(secret_of(TOWN)), algorithms=["HS256"])
    assert read.header["alg"] == "HS256"
    assert (read.claims["iss"], read.claims["sub"], read.claims["aud"]) == (client_of(TOWN), client_of(TOWN), ENDPOINT)
    assert read.claims["exp"] - read.claims["iat"] == 60


def signed(secret: str = secret_of(TOWN), client: str = client_of(TOWN), endpoint: str = ENDPOINT, **more: Any) -> str:
    now = int(NOON.timestamp())
    said = {"alg": "HS256", "issued_at": now, "expires_at": now + 60} | more
    return str(client_secret_jwt_sign(OctKey.import_key(secret), client, endpoint, **said))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_assertion": ""}, {"client_assertion": "x.y.z"}, {"client_assertion": signed(secret_of(OTHER_TOWN))},
        {"client_assertion": signed(client=client_of(OTHER_TOWN))},
        {"client_assertion": signed(endpoint=f"{address(OTHER_TOWN)}/token")},
        {"client_assertion": signed(expires_at=int(NOON.timestamp()) - 1)},
        {"client_assertion": signed(expires_at=int(NOON.timestamp()) + 3600)},
        {"client_assertion": signed(alg="HS512")}, {"client_assertion_type": "x"},
        {"client_assertion": "eyJhbGciOiJub25lIn0.e30."},
    ],
)  # fmt: skip
def test_whoever_does_not_prove_itself_gets_no_token(changes: dict[str, str], town: int) -> None:
    reply = answer(TOWN, "POST", "/token", {}, urlencode(form(**changes)).encode())
    assert (reply.status, json.loads(reply.body)) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"scope": ""}, "invalid_scope"), ({"scope": "900:intake/v1/list:Delete"}, "invalid_scope"),
        ({"scope": f"{LIST} 001:x/y:Read"}, "invalid_scope"),
    ],
)  # fmt: skip
def test_only_client_credentials_and_known_scopes(changes: dict[str, str], error: str, town: int) -> None:
    reply = answer(TOWN, "POST", "/token", {}, urlencode(form(**changes)).encode())
    assert (reply.status, json.loads(reply.body)) == (400, {"error": error})


def test_a_token_reaches_as_far_as_its_scope_in_its_town_for_five_minutes() -> None:
    header = f"Bearer {token(scope=LIST)['access_token']}"
    assert is_allowed(TOWN, header, LIST)
    assert not is_allowed(TOWN, header, READ)
    assert not is_allowed(OTHER_TOWN, header, LIST)
    assert not is_allowed(TOWN, header.removeprefix("Bearer "), LIST)
    assert not is_allowed(TOWN, "Bearer x", LIST)
    with clock.stopped_at(NOON + timedelta(minutes=5, seconds=1)):
        assert not is_allowed(TOWN, header, LIST)


def test_without_a_token_nothing_is_answered(town: int) -> None:
    for method, path in (("GET", "/applications"), ("GET", "/applications/M1"), ("POST", "/applications/M1/status")):
        assert answer(TOWN, method, path, {}, b"{}").status == 401
    for method, path in (("GET", "/"), ("DELETE", "/applications/M1"), ("POST", "/applications"), ("GET", "/x/y/z")):
        assert answer(TOWN, method, path, {}, b"").status == 404
