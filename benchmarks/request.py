"""Whole requests through the WSGI handler, as a signed-in clerk sends them (要求の送信)."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler

from municipal.identity.demo import ROLES
from municipal.identity.middleware import COOKIE
from municipal.identity.models import Staff
from municipal.identity.models.sessions import TOKEN, WEB
from municipal.identity.operations.sessions import begin
from municipal.municipalities import wall

from .ground import TOWN


class NotAnswered(Exception):  # noqa: N818
    """A request was not answered with success, so that its time means nothing (応答の失敗)."""


@dataclass
class Clerk:
    """A clerk of the made-up town, with a session of one kind; by default the counter's (窓口の職員)."""

    kind: str
    login_name: str = ROLES[0].login_name
    headers: dict[str, str] = field(init=False)
    handler: WSGIHandler = field(init=False, default_factory=WSGIHandler)

    def __post_init__(self) -> None:
        with wall.within(TOWN):
            staff = Staff.objects.get(login_name=self.login_name)
            key = begin(staff=staff, kind=self.kind, label="benchmark", passed=True).key
        by_kind = {WEB: {"HTTP_COOKIE": f"{COOKIE}={key}"}, TOKEN: {"HTTP_AUTHORIZATION": f"Bearer {key}"}}
        self.headers = {"HTTP_HOST": "localhost", **by_kind[self.kind]}

    def get(self, path: str, query: str = "") -> bytes:
        """The body of the answer, after its transaction has committed. Raises NotAnswered."""
        return self._sent({"PATH_INFO": path, "QUERY_STRING": query})

    def post(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        """The answer to a JSON object, sent with a key of its own. Raises NotAnswered."""
        body = json.dumps(said).encode()
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), "HTTP_IDEMPOTENCY_KEY": str(uuid4()),
        }  # fmt: skip
        answer: dict[str, Any] = json.loads(self._sent(environ))
        return answer

    def _sent(self, asked: dict[str, Any]) -> bytes:
        environ: dict[str, Any] = asked | self.headers
        setup_testing_defaults(environ)
        said: list[str] = []
        response = self.handler(environ, lambda status, headers, error=None: said.append(status))  # type: ignore[arg-type]
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not said[0].startswith("2"):
            raise NotAnswered(f"{asked['PATH_INFO']}: {said[0]} {body[:300]!r}")
        return body
