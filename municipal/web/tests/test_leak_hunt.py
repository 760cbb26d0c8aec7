"""The leak hunt: nobody who may not see a protected address receives it, by whatever way (漏えいさがし)."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from conftest import TOWN
from municipal.addressees.outputs import Purpose, outputs
from municipal.identity.demo import ROLES
from municipal.identity.permissions import PERMISSIONS
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.models import Draft

from .entering import sent
from .marked_town import MARK, PERPETRATOR, Marked, found
from .marker_routes import addresses
from .marker_search import is_marked, marked_tables, where

FEW, MANY, MOST_SENT = 6, 200, 20
ASKED = ("", "?q=%E7%9B%AE%E5%8D%B0", "?sort=address&order=address&page=1&expand=records,household&purpose=counter")
"""Ways of asking a list: nothing, a name, every order and expansion; asking for the address itself has its own test."""
NOT_SENT = {"measures:details", "identity:sign_out", "identity:sign_in", "identity:password_change", "set_language"}
"""Routes that are not sent to: what they do is asked for below, or it ends the session of whoever hunts."""
SILENT = {
    "apply_samples": "furnishes a made-up town", "bank_samples": "furnishes a made-up town",
    "issue_cards": "prints numbers of simulated cards",
    "principles": "counts entries of a catalogue that holds no person",
    "events": "counts the questions of life events", "forget_applications": "counts applications",
    "charge_samples": "furnishes a made-up town", "issue_samples": "furnishes a made-up town",
    "keep_sample_questions": "furnishes a made-up town",
    "lint_migration": "compares files that somebody else wrote",
    "trace": "reads the source of the program only", "messages": "reads the catalogue of messages only",
    "up": "serves the town; its pages are hunted here", "make_town": "makes people up", "restore": "reads a backup",
    "import_residents": "reads files", "open_account": "writes of staff only", "verify_audit": "counts entries",
    "import_collections": "says numbers and yen of what a channel reports", "ledger_check": "counts money",
    "monthly_counts": "counts people", "number_keys": "makes keys",
    "run_charges": "counts slips; their file is asked for by its route",
    "remove_announced": "counts people", "anchor_audit": "writes hashes", "juki_net": "asks the national network",
    "backup": "keeps the whole register, encrypted by whoever runs the server",
    "disaster_package": "is encrypted; the addresses of protected people need a second passphrase",
}  # fmt: skip
"""Commands that write nothing of where people live, and why; every other one is run."""


@pytest.fixture
def staff(committed_db: str) -> dict[str, Any]:
    """One of each demo role, somebody with every permission but that of the details, and the responsible officer."""
    made = {role.login_name: somebody(*role.permissions, login_name=f"hunt-{role.login_name}") for role in ROLES}
    everything = [code for code in PERMISSIONS if code != "measures.details"]
    made["everything"] = somebody(*everything, login_name="hunt-everything")
    made["nothing"] = somebody(login_name="hunt-nothing")
    return made


@pytest.fixture
def clients(staff: dict[str, Any]) -> dict[str, Client]:
    return {"nobody": Client(raise_request_exception=False)} | {name: browser_of(one) for name, one in staff.items()}


@pytest.fixture
def marked(staff: dict[str, Any]) -> Marked:
    with wall.within(TOWN):
        return found(staff["everything"], FEW)


def _typed(made: Marked, name: str) -> dict[str, Any]:
    """What is sent to every route that takes anything: numbers that exist, and the marker nowhere."""
    return {
        "key": f"hunt-{name}"[:60], "person": made.numbers[0], "number": made.numbers[0], "act": "move_within",
        "q": "目印", "do": "check", "version": "1", "purpose": "measure_review", "kind": "violence", "reason": "確認",
        "draft": made.drafts[0], "people": made.numbers[0],
    }  # fmt: skip


def _answers(client: Client, made: Marked, most: int) -> Iterator[tuple[str, str, Any]]:
    paths, _ = addresses(made, most)
    sent_to = Counter[str]()
    for name, path in paths:
        first = client.get(path)
        yield name, path, first
        if _is_shut(first):
            continue
        for asked in ASKED[1:] if most > 1 and not _has_parts(path) else ():
            yield name, path + asked, client.get(path + asked)
        if name == "entries:form":
            yield name, f"{path}?person=", client.get(f"{path}?person={made.numbers[2]}")
        sent_to[name] += 1
        # What a form answers does not hang on whom it is sent for; reading does, and is done for everybody.
        if name not in NOT_SENT and sent_to[name] <= MOST_SENT:
            yield name, f"POST {path}", client.post(path, _typed(made, name))


def _is_shut(answer: Any) -> bool:
    """A page has one door for whatever is asked and sent (``needs``): shut for this person, nothing more is tried."""
    return answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith("/sign-in")


def _body(answer: Any) -> bytes:
    """What is sent, in pieces or at once."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _has_parts(path: str) -> bool:
    return any(letter.isdigit() for letter in path)


def test_every_route_can_be_filled(marked: Marked) -> None:
    """A new route with a part must be named in ``marker_routes.fillings``, or it would never be hunted."""
    assert addresses(marked, 1)[1] == []


def _hunted(made: Marked, clients: dict[str, Client], caplog: pytest.LogCaptureFixture, most: dict[str, int]) -> None:
    """Ask everything as everybody; ``most``: so many people per route, one where nothing is said."""
    caplog.set_level(logging.DEBUG)
    leaks, failed = [], set()
    for who, client in clients.items():
        for name, path, answer in _answers(client, made, most.get(who, 1)):
            if answer.status_code >= 500:
                failed.add((name, answer.status_code))
            body = _body(answer)
            if is_marked(body) or is_marked(repr(answer.headers).encode()):
                leaks.append(f"{who} {path} {answer.status_code} {where(body)}")
    assert leaks == [], "\n".join(leaks[:20])
    assert not is_marked(caplog.text.encode())
    assert failed == set()
    with wall.within(TOWN):
        assert marked_tables() == set()


@pytest.mark.long
@pytest.mark.clause("resident-record/1.0#3.4/m1", "resident-record/1.0#3.1/m1")
@pytest.mark.parametrize("who", ["nobody", "everything"])
def test_no_route_gives_a_protected_address_away(
    who: str, marked: Marked, clients: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    """Without an account, and with every permission that there is but that of the details."""
    _hunted(marked, {who: clients[who]}, caplog, {"everything": 2})


@pytest.mark.walk
@pytest.mark.clause("resident-record/1.0#3.4/m1", "resident-record/1.0#3.1/m1")
@pytest.mark.parametrize("who", ["nothing", *(role.login_name for role in ROLES)])
def test_no_route_gives_a_protected_address_to_any_role(
    who: str, marked: Marked, clients: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    _hunted(marked, {who: clients[who]}, caplog, {})


@pytest.mark.faults
@pytest.mark.clause("resident-record/1.0#3.4/m1", "resident-record/1.0#3.1/m1")
def test_no_route_gives_any_of_two_hundred_addresses_to_anybody(
    staff: dict[str, Any], clients: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    with wall.within(TOWN):
        made = found(staff["everything"], MANY)
    _hunted(made, clients, caplog, {"everything": MANY, "chief": 2})


def test_asking_for_a_protected_address_says_the_same_as_asking_for_one_that_is_not_there(
    marked: Marked, clients: dict[str, Client]
) -> None:
    """A search by address neither finds nor counts a protected person."""
    for path in ("/residents?q={}", "/search?block={}", "/search?block={}&lot={}", "/api/v1/residents?q={}"):
        answers = [clients["everything"].get(path.format(*[text] * path.count("{}"))) for text in (MARK, "鼟鼞")]
        said = [one.content.decode().replace(MARK, "").replace("鼟鼞", "") for one in answers]
        assert [_without_tokens(one) for one in said[:1]] == [_without_tokens(one) for one in said[1:]], path


def _without_tokens(page: str) -> str:
    page = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)
    return re.sub(r"%[0-9A-F]{2}|[0-9a-f-]{36}", "", page)


@pytest.mark.clause("resident-record/1.0#3.4/m2")
def test_the_responsible_officer_sees_the_address_for_a_purpose_and_nobody_else_does(
    marked: Marked, clients: dict[str, Client]
) -> None:
    path, said = f"/measures/{marked.cases[0]}/details", {"purpose": "measure_review"}
    for who, client in clients.items():
        answer = client.post(path, said)
        assert is_marked(answer.content) == (who == "chief"), who
        assert (PERPETRATOR in answer.content.decode()) == (who == "chief"), who
        case = client.get(f"/measures/{marked.cases[0]}").content
        assert not is_marked(case)
        assert PERPETRATOR not in case.decode()
    assert not is_marked(clients["chief"].post(path, {}).content)


def test_a_former_members_own_address_is_shown_and_the_left_one_is_not(
    marked: Marked, clients: dict[str, Client]
) -> None:
    number = marked.numbers[0]
    for path in (f"/residents/{number}", f"/api/v1/residents/{number}"):
        answer = clients["counter"].get(path)
        assert marked.own_address.replace("竹町", "") in answer.content.decode()
        assert not is_marked(answer.content)


def test_every_registered_output_is_hunted(marked: Marked) -> None:
    """An output is a route that was asked, or one of those that are run or drawn by a route."""
    names = {name.replace(":", ".").replace("api_", "api.") for name, _ in addresses(marked, 1)[0]}
    drawn = {
        "residents.export", "drafts.give_back", "certificates.letter", "certificates.sheet", "extracts.inspection_copy",
        "extracts.labels_shown", "api.entries", "api.entry", "residents.conditions", "batches.change_notices",
        "batches.domiciles_like", "transfer.disaster_package", "residents.juki_net", "batches.households_of_blocks",
        "addressees.delivery", "applications.prefill", "applications.you", "desk.sources",
    }  # fmt: skip
    assert set(outputs) - names - drawn == set()
    assert {name for name, purpose in outputs.items() if purpose == Purpose.CASE} == {"measures.details"}


@pytest.mark.clause("resident-record/1.0#3.4/m1")
def test_no_command_writes_a_protected_address_into_a_file(marked: Marked, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export_residents", out=tmp_path / "export", town=TOWN, stdout=out)
    call_command("blank_forms", out=tmp_path / "forms.pdf", town=TOWN, copies=1, stdout=out)
    call_command("print_slips", marked.slip_runs[0], out=tmp_path / "slips.pdf", town=str(TOWN), stdout=out)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 3
    assert [path.name for path in written if is_marked(path.read_bytes())] == []
    assert not is_marked(out.getvalue().encode())


def test_every_command_is_run_or_said_to_be_silent() -> None:
    from django.core.management import get_commands

    ours = {name for name, app in get_commands().items() if str(app).startswith("municipal.")}
    assert ours - set(SILENT) == {"export_residents", "blank_forms", "print_slips"}


@pytest.mark.clause("resident-record/1.0#3.4/m1")
def test_what_was_typed_of_a_protected_person_travels_sealed(marked: Marked, clients: dict[str, Client]) -> None:
    """Not even the hidden fields of the confirmation page hold the address; and the entry comes in as it was typed."""
    clerk = clients["counter"]
    number = marked.numbers[-1]
    shown = clerk.post("/entries/start", {"act": "move_within", "person": number}, follow=True)
    place = {"place-block": f"{MARK}町", "place-lot": MARK, "place-building": MARK}
    checked = sent(clerk, shown, "check", event_on="R8.11.2", **place)
    assert checked.status_code == 200, checked.content.decode()[-3000:]
    assert not is_marked(checked.content)
    alerts = re.findall(r'name="confirmed" value="(\w+)"', checked.content.decode())
    broken = sent(clerk, checked, "enter", sealed="AAAA", confirmed=alerts)
    assert broken.status_code == 409
    entered = sent(clerk, checked, "enter", confirmed=alerts)
    assert entered.status_code == 302, entered.content.decode()[-3000:]
    assert not is_marked(clerk.get(entered["Location"]).content)
    with wall.within(TOWN):
        assert Draft.objects.latest("pk").notice["place"]["lot"] == MARK
