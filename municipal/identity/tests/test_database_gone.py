"""The database goes away and comes back (データベース停止の試験)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from municipal.identity.operations import issue_token
from municipal.identity.tests.people import PASSWORD, browser_of, somebody
from municipal.municipalities import wall

Ask = Callable[[], Any]


@pytest.fixture(autouse=True)
def _in_earnest(settings: Any) -> None:
    settings.DEBUG = False


def asks() -> dict[str, Ask]:
    """One request of each kind: a page, a sign-in, the API."""
    clerk = somebody("residents.search")
    page, machine, stranger = browser_of(clerk), Client(raise_request_exception=False), Client()
    stranger.raise_request_exception = False
    with wall.within(clerk.municipality_id or 0):
        key = issue_token(actor=clerk, label="試験").key
    said = {"town": "990019", "login_name": "clerk", "password": PASSWORD}
    return {
        "page": lambda: page.get("/"),
        "sign_in": lambda: stranger.post("/sign-in", said),
        "api": lambda: machine.get("/api/v1/residents?q=x", headers={"Authorization": f"Bearer {key}"}),
    }


@pytest.mark.parametrize("kind", ["page", "sign_in", "api"])
def test_while_it_is_gone_there_is_one_sentence_and_when_it_is_back_all_works(
    committed_db: str, cluster: Any, kind: str
) -> None:
    ask = asks()[kind]
    connections.close_all()
    cluster.run("ALTER DATABASE {} RENAME TO {}", committed_db, f"{committed_db}_away")
    gone = ask()
    cluster.run("ALTER DATABASE {} RENAME TO {}", f"{committed_db}_away", committed_db)
    back = ask()
    assert (gone.status_code, gone["Retry-After"]) == (503, "60")
    assert "Traceback" not in gone.content.decode()
    if kind == "api":
        assert set(gone.json()["messages"]) == {"ja", "en"}
    else:
        assert "ただいま使えません" in gone.content.decode()
    assert back.status_code in {200, 302}


def test_a_connection_that_broke_costs_one_request_and_no_more(committed_db: str, cluster: Any) -> None:
    ask = asks()["page"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with cluster.postgresql.superuser() as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert ask().status_code == 503
    assert ask().status_code == 200


def test_nobody_is_shown_anything_whose_recording_failed(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the chain cannot be written")

    ask = asks()["page"]
    monkeypatch.setattr("municipal.audit.operations.append", fail)
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in", {"town": "990019", "login_name": "clerk", "password": PASSWORD})
    assert answer.status_code == 503
    assert "kijun_session" not in answer.cookies
    assert ask().status_code == 200
