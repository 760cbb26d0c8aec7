"""What a request that changes something carries: a JSON object and a key of its own (変更の要求)."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from rest_framework.request import Request
from rest_framework.response import Response

from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.office import answers
from municipal.office.answers import Answer

MOST_BYTES = 1_000_000
"""A notice of thirty people with every item filled is a tenth of this (本文の上限)."""


def once(request: Request, act: Callable[[dict[str, Any]], Answer]) -> Response:
    """Carry out ``act`` on the body, once for this ``Idempotency-Key`` (一度だけの実行).

    Asked again with the same key, method, path and body, the first answer is given again. Raises Refused as
    ``office.answers.once`` does, and for a body that is no JSON object.
    """
    asked = request._request
    raw = _raw(request)
    said = f"{asked.method} {asked.path}\n".encode() + raw
    key = request.headers.get("Idempotency-Key", "")
    answer = answers.once(actor=asked.staff, key=key, body=said, act=lambda: act(_read(raw)))  # type: ignore[attr-defined]
    # The kept answer comes back from the database in its own order; so that both are the same bytes, neither counts.
    return Response(dict(sorted(answer.body.items())), status=answer.status)


def part(said: dict[str, Any], *known: str) -> dict[str, Any]:
    """The body, which has these fields and no others. Raises Refused for an unknown one."""
    unknown = next((name for name in said if name not in known), None)
    if unknown is not None:
        raise Refused(
            "知らない項目「%(name)s」があります。使えるのは %(known)s です。", field="body", code="bad_request",
            name=unknown[:40] if unknown.isprintable() else "?", known=", ".join(known),
        )  # fmt: skip
    return said


def version_of(said: dict[str, Any]) -> int:
    """The version of the entry that the caller saw. Raises Refused for none."""
    version = said.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or not 0 < version < 2**31:
        raise Refused(
            "見て決めた仮登録の版（version）を、1以上の数で指定してください。", field="version", code="invalid"
        )
    return version


def storable(said: Any, field: str, most: int) -> None:
    """Raise Refused for what is no text of at most ``most`` letters that can be kept (文字の確認)."""
    if not isinstance(said, str):
        raise Refused("文字で入れてください。", field=field, code="invalid")
    refuse_unstorable(said, most, field, is_multiline=True)


def _raw(request: Request) -> bytes:
    if request._request.content_type != "application/json":
        raise Refused("要求は application/json で送ってください。", code="unsupported_media_type")
    try:
        raw: bytes = request._request.body
    except RequestDataTooBig:
        raw = b" " * (MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused("要求が大きすぎます。%(most)d バイトまでにしてください。", code="too_large", most=MOST_BYTES)
    return raw


def _read(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused("要求を読み取れません。内容を確かめてください。", code="bad_request")
    return said


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that is said twice nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is said twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
