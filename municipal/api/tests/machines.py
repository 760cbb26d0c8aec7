"""Other systems of the town that call with a token, and what they send (連携先)."""

from itertools import count
from typing import Any

from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.identity.operations import issue_token
from municipal.identity.permissions import ITEMS, PERMISSIONS
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.residents import notices
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.tests.acting import notice

_keys = count(1)
ALL_ITEMS = tuple(code for code, permission in PERMISSIONS.items() if permission.group == ITEMS)
VIEWING = ("residents.search", "residents.view", "residents.history")


class Machine:
    """A caller with a token of an account that holds ``permissions``; call from outside the wall."""

    def __init__(self, login_name: str, *permissions: str, town: int = TOWN) -> None:
        self.staff = somebody(*permissions, login_name=login_name, town=town)
        with wall.within(town):
            key = issue_token(actor=self.staff, label="試験").key
        self.client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def post(self, path: str, body: Any, key: str | None = None, **said: Any) -> Any:
        return self.send("post", path, body, key, **said)

    def put(self, path: str, body: Any, key: str | None = None, **said: Any) -> Any:
        return self.send("put", path, body, key, **said)

    def send(self, method: str, path: str, body: Any, key: str | None = None, **said: Any) -> Any:
        """``key``: a new one where none is given, none at all for the empty string."""
        headers = {"Idempotency-Key": f"k{next(_keys)}" if key is None else key} if key != "" else {}
        said = {"content_type": "application/json", **said}
        return getattr(self.client, method)(f"/api/v1/{path}", body, headers=headers, **said)

    def enter(self, name: str, **said: Any) -> Any:
        """The state of a new entry. Alerts are confirmed one after the other, as a caller does who reads them."""
        body = sent(name, **said)
        answer = self.post("events", body)
        while answer.status_code == 409 and answer.json()["code"].startswith("unconfirmed:"):
            body["confirmed"].append(answer.json()["code"].partition(":")[2])
            answer = self.post("events", body)
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()


def counter() -> Machine:
    return Machine("counter", "residents.enter", *VIEWING, *ALL_ITEMS)


def chief() -> Machine:
    return Machine("chief", "residents.enter", "residents.decide", *VIEWING, *ALL_ITEMS)


def sent(name: str, **said: Any) -> dict[str, Any]:
    """A notice as a caller sends it."""
    return notices.as_json(notice(name, **said))


def member(number: str, **items: Any) -> Said:
    return Said(number, items)


def registered() -> int:
    with wall.within(TOWN):
        return ResidentRecord.objects.count()


def today() -> str:
    return clock.today().isoformat()
