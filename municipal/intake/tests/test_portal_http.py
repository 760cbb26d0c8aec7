"""The contract with the portal over real HTTP, and against peers that no library would be (HTTPでの試験)."""

import socket
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler

from conftest import TOWN
from municipal.core import clock
from municipal.intake.credentials import client_of, secret_of
from municipal.intake.models import PortalApplication, Received, StatusReport
from municipal.intake.operations import (
    fetch,
    release,
    send_reports,
)
from municipal.intake.portal import Portal
from municipal.intake.simulator import address
from municipal.intake.transports import PortalDown, over_the_network
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.web.tests.browsing import QuietServer

from .coming import CLERK, NOON, SIGNED_ENTRY, applied, certificate


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


class TestOverHttp:
    """The same over real HTTP with a served town; and against peers that no library would be."""

    @pytest.fixture
    def served(self, committed_db: str) -> Iterator[str]:
        server = QuietServer("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None
        yield f"http://127.0.0.1:{server.port}/portal/{TOWN:06d}"
        server.terminate()

    @pytest.fixture(autouse=True)
    def _now(self, _noon: None) -> Iterator[None]:
        """The server in its own thread has the real clock, and a token that is out of time there is none."""
        with clock.stopped_at(datetime.now(clock.TOKYO)):
            yield

    def test_list_fetch_import_and_report_over_http(self, served: str) -> None:
        with wall.within(TOWN):
            certificate()
        receipts = [applied(), applied(SIGNED_ENTRY, "known"), applied(fault="expired"), applied(fault="half")]
        there = Portal(over_the_network(served), client_of(TOWN), secret_of(TOWN), f"{address(TOWN)}/token")
        assert [one.receipt for one in there.listed()] == receipts
        outcome = fetch(TOWN, there)
        assert (outcome["taken"], outcome["refused"]) == (3, 1)
        assert fetch(TOWN, there)["taken"] == 1
        with wall.within(TOWN):
            assert Received.objects.filter(state="imported").count() == 4
            while deliver_next():
                pass
            for row in Received.objects.all():
                release(actor=CLERK, received=row.pk)
        assert send_reports(TOWN, there) == 4
        assert send_reports(TOWN, there) == 0
        with wall.within(TOWN):
            assert {one.state for one in StatusReport.objects.all()} == {"sent"}
            assert [len(one.reports) for one in PortalApplication.objects.all()] == [1] * 4
        stranger = Portal(over_the_network(served), "x" * 32, "y" * 64, f"{address(TOWN)}/token")
        with pytest.raises(PortalDown, match="token"):
            list(stranger.listed())

    @pytest.mark.parametrize(
        "said",
        [
            b"", b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", b"HTTP/1.1 999 ?\r\n\r\n",
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        ],
    )  # fmt: skip
    def test_a_peer_that_breaks_off_or_sends_us_away_is_a_portal_that_is_down(self, said: bytes) -> None:
        with pytest.raises(PortalDown):
            _asked(said)

    def test_a_peer_that_never_answers_is_not_waited_for(self) -> None:
        with pytest.raises(PortalDown):
            _asked(None, seconds=0.2)


def _asked(said: bytes | None, seconds: float = 5) -> bytes:
    """What comes of asking a peer that answers ``said`` to everything, or nothing at all."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                if said is None:
                    done.wait(5)
                    return
                peer.recv(65_536)
                peer.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        there = over_the_network(f"http://127.0.0.1:{listener.getsockname()[1]}", seconds)
        return Portal(there, client_of(TOWN), secret_of(TOWN), "x").fetched("M000001")
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR) if said is not None else None
        listener.close()
        thread.join(5)
