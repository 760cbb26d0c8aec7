"""The contract with the portal, over real HTTP and inside the house alike (国の申請サイトとの約束の試験)."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler

from conftest import TOWN
from municipal.applications.models import Case
from municipal.core import clock
from municipal.intake.credentials import client_of, secret_of
from municipal.intake.models import IntakeSettings, PortalApplication, Received, StatusReport
from municipal.intake.operations import (
    ask_now,
    configure,
    fetch,
    is_due,
    play_application,
    play_fault,
    release,
    send_reports,
    settings_of,
)
from municipal.intake.portal import Listed, Portal, Report, portal_of
from municipal.intake.simulator import address
from municipal.intake.tasks import attend
from municipal.intake.transports import PortalDown, Reply, over_the_network, refuse_bad_address
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next
from municipal.web.tests.browsing import QuietServer

from .coming import CLERK, NOON, OPEN_ENTRY, SIGNED_ENTRY, certificate


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def applied(procedure: str = OPEN_ENTRY, who: str = "unsigned", fault: str = "none", times: int = 1) -> str:
    with wall.within(TOWN):
        return play_application(actor=CLERK, procedure=procedure, who=who, fault=fault, times=times).receipt


@pytest.fixture
def here(db: None) -> Portal:
    found = portal_of(TOWN)
    assert found is not None
    return found


FAULTS = [
    ("error", "failed"), ("timeout", "failed"), ("half", "refused"), ("digest", "refused"), ("twice", "taken"),
    ("disorder", "taken"), ("expired", "taken"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "first"), FAULTS)
def test_whatever_fault_the_portal_has_each_application_is_one_case_in_the_end(
    here: Portal, fault: str, first: str
) -> None:
    receipts = [applied(fault=fault if number == 1 else "none") for number in range(3)]
    outcome = fetch(TOWN, here)
    assert int(outcome.get(first, 0)) >= 1, outcome
    again = fetch(TOWN, here)
    assert again.get("down") is None
    with wall.within(TOWN):
        assert sorted(Received.objects.filter(state="imported").values_list("receipt", flat=True)) == sorted(receipts)
        assert Case.objects.filter(channel="national").count() == 3


def test_what_changes_after_it_was_fetched_waits_for_a_clerk(here: Portal) -> None:
    with wall.within(TOWN):
        certificate()
    receipt = applied(SIGNED_ENTRY, "known")
    fetch(TOWN, here)
    with wall.within(TOWN):
        row = PortalApplication.objects.get(receipt=receipt)
        with clock.stopped_at(NOON.replace(minute=5)):
            play_fault(actor=CLERK, application=row.pk, fault="changed", times=1)
    fetch(TOWN, here)
    fetch(TOWN, here)
    with wall.within(TOWN):
        assert list(Received.objects.order_by("pk").values_list("state", flat=True)) == ["imported", "changed"]


def test_a_file_that_cannot_be_read_is_asked_for_five_times_and_then_only_when_somebody_wants_it(here: Portal) -> None:
    applied(fault="half", times=20)
    found = [fetch(TOWN, here).get("refused", 0) for _ in range(7)]
    assert found == [1, 1, 1, 1, 1, 0, 0]
    with wall.within(TOWN):
        ask_now(actor=CLERK)
        assert is_due(settings_of())
    assert fetch(TOWN, here).get("refused") == 1
    with wall.within(TOWN):
        assert not is_due(settings_of())


def test_many_pages_are_walked(here: Portal) -> None:
    with wall.within(TOWN):
        PortalApplication.objects.bulk_create(
            PortalApplication(receipt=f"M{number:06d}", procedure="x", content=b"", digest=f"{number}", made_at=NOON)
            for number in range(45)
        )
    assert [one.receipt for one in here.listed()] == [f"M{number:06d}" for number in range(45)]


Answer = Reply | Exception


def _portal(*answers: Answer) -> Portal:
    """A portal that answers a token, then this."""
    token = Reply(200, b'{"access_token":"x","token_type":"Bearer"}')
    left = list(answers)

    def send(method: str, path: str, headers: Any, body: bytes) -> Reply:
        found = token if path == "/token" else left.pop(0) if left else Reply(404, b"")
        if isinstance(found, Exception):
            raise found
        return found

    return Portal(send, client_of(TOWN), secret_of(TOWN), "https://x/token")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b'{"applications":1}', b'{"applications":[{}]}', b'{"applications":[1]}', b"\xff",
        b'{"applications":[{"receipt_number":"../x","digest":""}]}', b'{"applications":[],"next":7}', b"[" * 100_000,
        b'{"applications":[{"receipt_number":"M000001","digest":null}]}',
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_a_portal_that_is_down(body: bytes) -> None:
    with pytest.raises(PortalDown):
        list(_portal(Reply(200, body)).listed())


@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 500, 503])
def test_another_status_is_a_portal_that_is_down(status: int) -> None:
    for act in (lambda one: list(one.listed()), lambda one: one.fetched("M1"),
                lambda one: one.report("M1", Report(1, "processing", "", ""))):  # fmt: skip
        with pytest.raises(PortalDown, match=f"http_{status}"):
            act(_portal(Reply(status, b"{}")))


def test_a_token_that_is_refused_for_good_is_asked_for_once_more_only() -> None:
    with pytest.raises(PortalDown, match="http_401"):
        _portal(Reply(401, b""), Reply(401, b"")).fetched("M1")
    assert _portal(Reply(401, b""), Reply(200, b"zip")).fetched("M1") == b"zip"


def test_a_list_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.intake.portal.MOST_PAGES", 3)
    with pytest.raises(PortalDown, match="endless"):
        list(_portal(*[Reply(200, b'{"applications":[],"next":"1"}')] * 9).listed())


def test_what_was_fetched_before_the_portal_broke_down_stays(db: None) -> None:
    applied()
    real = portal_of(TOWN)
    assert real is not None
    content = real.fetched(next(real.listed()).receipt)
    row = next(real.listed())
    page = json.dumps({"applications": [{"receipt_number": row.receipt, "digest": row.digest}], "next": "2"}).encode()
    outcome = fetch(TOWN, _portal(Reply(200, page), Reply(200, content), PortalDown("URLError")))
    assert (outcome["taken"], outcome["down"]) == (1, "URLError")
    with wall.within(TOWN):
        assert IntakeSettings.objects.get().outcome == {"listed": 1, "taken": 1, "down": "URLError"}


def test_the_beat_asks_only_where_it_is_switched_on_and_at_its_pace(db: None) -> None:
    applied()
    attend(TOWN)
    with wall.within(TOWN):
        assert Received.objects.count() == 0
        configure(actor=CLERK, is_on=True, every_minutes=15, is_feedback_on=True)
    attend(TOWN)
    with wall.within(TOWN):
        assert Received.objects.count() == 1
        while deliver_next():
            pass
    applied()
    with clock.stopped_at(NOON.replace(minute=14)):
        attend(TOWN)
    with wall.within(TOWN):
        assert Received.objects.count() == 1
        assert PortalApplication.objects.order_by("pk")[0].reports[0]["status"] == "processing"
    with clock.stopped_at(NOON.replace(minute=15)):
        attend(TOWN)
    with wall.within(TOWN):
        assert Received.objects.count() == 2


def test_a_real_town_has_no_portal_until_one_is_configured(db: None, tmp_path: Any, settings: Any) -> None:
    assert portal_of(131_016) is None
    secret, file = tmp_path / "secret", tmp_path / "portal.json"
    settings.KIJUN_PORTAL = str(file)
    secret.write_text("s" * 32)

    def configured(**changes: str) -> Portal | None:
        said = {"address": "https://portal.example/x/", "client": "A" * 32, "secret_file": str(secret)} | changes
        file.write_text(json.dumps({"131016": said}))
        return portal_of(131_016)

    found = configured()
    assert found is not None
    assert (found.endpoint, found.is_simulated) == ("https://portal.example/x/token", False)
    assert portal_of(131_024) is None
    for changes in ({"client": "short"}, {"client": "-" * 32}, {"address": "http://portal.example"}):
        with pytest.raises(ValueError, match=r"must begin|32 letters"):
            configured(**changes)
    secret.write_text("s" * 31)
    with pytest.raises(ValueError, match="32"):
        configured()


def test_outside_of_training_no_address_without_tls_is_asked(settings: Any) -> None:
    refuse_bad_address("http://127.0.0.1:1/x")
    settings.SECRET_KEY = "another"
    for one in ("http://127.0.0.1/x", "http://portal.example", "ftp://x", "https://u@portal.example", "portal", ""):
        with pytest.raises(ValueError, match="https"):
            refuse_bad_address(one)


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


def test_the_names_of_the_contract_stay() -> None:
    assert Listed("M1", "d") == Listed(receipt="M1", digest="d")
    assert list(vars(Report(1, "processing", "x", ""))) == ["sequence", "status", "at", "message"]
