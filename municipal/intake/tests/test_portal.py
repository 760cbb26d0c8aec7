"""The contract with the portal, over real HTTP and inside the house alike (国の申請サイトとの約束の試験)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.models import Case
from municipal.core import clock
from municipal.intake.credentials import client_of, secret_of
from municipal.intake.models import IntakeSettings, PortalApplication, Received
from municipal.intake.operations import (
    ask_now,
    configure,
    fetch,
    is_due,
    play_fault,
    settings_of,
)
from municipal.intake.portal import Listed, Portal, Report, portal_of
from municipal.intake.tasks import attend
from municipal.intake.transports import PortalDown, Reply, refuse_bad_address
from municipal.municipalities import wall
from municipal.office.outbox import deliver_next

from .coming import CLERK, NOON, SIGNED_ENTRY, applied, certificate


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


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


def test_the_names_of_the_contract_stay() -> None:
    assert Listed("M1", "d") == Listed(receipt="M1", digest="d")
    assert list(vars(Report(1, "processing", "x", ""))) == ["sequence", "status", "at", "message"]
