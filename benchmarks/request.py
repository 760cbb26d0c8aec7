"""Whole requests through the WSGI handler, as a signed-in clerk sends them (要求の送信)."""

from dataclasses import dataclass, field
from typing import Any
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
    """A request was not answered with 200, so that its time means nothing (応答の失敗)."""


@dataclass
class Clerk:
    """The clerk of the made-up town's counter, with a session of one kind (窓口の職員)."""

    kind: str
    headers: dict[str, str] = field(init=False)
    handler: WSGIHandler = field(init=False, default_factory=WSGIHandler)

    def __post_init__(self) -> None:
        with wall.within(TOWN):
            staff = Staff.objects.get(login_name=ROLES[0].login_name)
            key = begin(staff=staff, kind=self.kind, label="benchmark", passed=True).key
        by_kind = {WEB: {"HTTP_COOKIE": f"{COOKIE}={key}"}, TOKEN: {"HTTP_AUTHORIZATION": f"Bearer {key}"}}
        self.headers = {"HTTP_HOST": "localhost", **by_kind[self.kind]}

    def get(self, path: str, query: str = "") -> bytes:
        """The body of the answer, after its transaction has committed. Raises NotAnswered."""
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, **self.headers}
        setup_testing_defaults(environ)
        said: list[str] = []
        response = self.handler(environ, lambda status, headers, error=None: said.append(status))  # type: ignore[arg-type]
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not said[0].startswith("200"):
            raise NotAnswered(f"{path}: {said[0]}")
        return body
