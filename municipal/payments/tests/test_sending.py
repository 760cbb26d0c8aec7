"""Messages reach who shall be told, and nobody inside the town's network (通知の送信の試験)."""

import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.signatures import signed
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.payments import tasks
from municipal.payments.announcements import CHARGED
from municipal.payments.models import WebhookCall
from municipal.payments.operations.endpoints import PAUSES
from municipal.payments.webhooks import Unreachable, secret_of, send

from .booking import charged
from .test_endpoints import URL, registered

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


class Listener(HTTPServer):
    """Another system: keeps what it is told and answers what it likes."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.heard = status, list[tuple[dict[str, str], bytes]]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?x=1"


class Answering(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener(204)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_arrives_signed_and_is_kept_as_told(committed_db: str, listener: Listener) -> None:
    with wall.within(TOWN):
        endpoint = registered(CHARGED, url=listener.url)
        charged()
    with wall.within(TOWN):
        assert deliver_next()
    assert tasks.send_due(OTHER_TOWN) == 0
    assert tasks.send_due(TOWN) == 1
    assert tasks.send_due(TOWN) == 0
    headers, body = listener.heard[0]
    lower = {name.lower(): value for name, value in headers.items()}
    expected = signed(secret_of(endpoint), lower["webhook-id"], NOON, body)
    assert {name: lower[name] for name in expected} == expected
    assert lower["content-type"] == "application/json"
    with wall.within(TOWN):
        assert endpoint.calls.get().state == WebhookCall.State.DONE


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_redirect_is_not_followed_and_every_other_answer_is_a_failure(
    committed_db: str, listener: Listener, status: int
) -> None:
    listener.status = status
    with wall.within(TOWN):
        endpoint = registered(CHARGED, url=listener.url)
        charged()
    with wall.within(TOWN):
        deliver_next()
    assert tasks.send_due(TOWN) == 1
    with wall.within(TOWN):
        call = endpoint.calls.get()
        assert (call.state, call.status, call.next_at) == ("waiting", status, NOON + PAUSES[0])
    assert len(listener.heard) == 1


def test_nobody_who_answers_costs_a_try_and_no_transaction(committed_db: str) -> None:
    with socket.socket() as taken_port:
        taken_port.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken_port.getsockname()[1]}/"
        with wall.within(TOWN):
            endpoint = registered(CHARGED, url=url)
            charged()
        with wall.within(TOWN):
            deliver_next()
        assert tasks.send_due(TOWN) == 1
    with wall.within(TOWN):
        call = endpoint.calls.get()
        assert (call.state, call.status, call.error, call.attempts) == ("waiting", None, "ConnectionRefusedError", 1)


def test_a_name_that_turns_into_an_inner_address_is_not_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for inner in ("10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (inner, 443))]
        # One public address beside it changes nothing.
        found.append((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)))
        monkeypatch.setattr("municipal.payments.webhooks.socket.getaddrinfo", lambda *args, found=found, **said: found)
        with pytest.raises(Unreachable, match="not_public"):
            send(URL, b"{}", {})


def test_a_name_that_nobody_knows_is_a_failure_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **said: Any) -> Any:
        raise socket.gaierror("nobody")

    monkeypatch.setattr("municipal.payments.webhooks.socket.getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="gaierror"):
        send(URL, b"{}", {})
