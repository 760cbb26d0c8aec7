"""Everything that goes wrong is a problem in two languages (エラーの応答; RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import exceptions

from municipal.core.refusals import Refused
from municipal.identity.answers import NOT_FOUND, problem

METHOD = Refused("この宛先では、この操作はできません。APIの記述を確かめてください。", code="method_not_allowed")
FORMAT = Refused("この形式では応答できません。application/json を指定してください。", code="not_acceptable")
REQUEST = Refused("要求を読み取れません。内容を確かめてください。", code="bad_request")


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's own errors as problems; a refusal goes on to the doorway, which rolls back and records it."""
    if isinstance(error, Refused):
        return None
    refused = REQUEST
    if isinstance(error, Http404 | exceptions.NotFound):
        refused = NOT_FOUND
    elif isinstance(error, exceptions.MethodNotAllowed):
        refused = METHOD
    elif isinstance(error, exceptions.NotAcceptable):
        refused = FORMAT
    elif not isinstance(error, exceptions.APIException):
        return None
    return problem(context["request"]._request, refused)


def only(parameters: Mapping[str, str], *known: str) -> dict[str, str]:
    """The query as given. Raises Refused for a parameter that does not exist: a misspelt filter must not be ignored."""
    for name in parameters:
        if name not in known:
            raise Refused(
                "知らない指定「%(name)s」があります。使えるのは %(known)s です。",
                field="query",
                code="bad_request",
                name=name[:40] if name.isprintable() else "?",
                known=", ".join(known),
            )
    return {name: parameters[name] for name in parameters}
