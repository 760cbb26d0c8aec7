"""Entering and deciding a move-in of four by ten clerks, and the queue they work from (異動の測定)."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from django.db import connections

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.identity.models import Staff
from municipal.identity.models.sessions import TOKEN, WEB
from municipal.identity.operations.permissions import grant
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.residents.models import Claim, Draft, ResidentRecord
from municipal.residents.notices import Notice, Said, as_json

from .ground import TOWN, connect
from .measuring import Table, Times, ms
from .request import Clerk

TARGET, LIST_TARGET = 0.300, 0.150
CLERKS, PAUSE, WAITING = 10, 1.0, 1_000
COUNTER, CHIEF = "counter", "chief"
PEOPLE = (
    ("太郎", "世帯主", "1", 1985),
    ("花子", "妻", "2", 1986),
    ("一郎", "子", "1", 2015),
    ("二子", "子", "2", 2018),
)
WRITTEN = (
    "residents_residentevent", "residents_household", "addressees_addressee", "residents_residentrecord",
    "residents_period", "residents_searchkey", "residents_draft", "office_outboxevent", "office_keptanswer",
    "audit_entry",
)  # fmt: skip
Copy = Callable[[], AbstractContextManager[str]]


def measure(copy: Copy, acts: int = 200, pause: float = PAUSE) -> list[Table]:
    """``acts`` move-ins by one clerk without a pause, and by ten with one; then the queue with 1,000 entries."""
    with copy():
        with wall.within(TOWN):
            grant(actor=System(), staff=Staff.objects.get(login_name=CHIEF), permission="api.use", reason="測定")
        return [_acts(acts, pause), _queue(acts)]


def _family(serial: int) -> dict[str, Any]:
    """A notice that nobody has given yet, as the API takes it."""
    people = [
        {
            "number": "",
            "items": {
                "name": f"測定　{name}{serial}", "name_kana": "ソクテイ　タロウ", "sex": sex, "relationship": relation,
                "born_on": f"{year}-04-01", "resident_code": RESIDENT_RECORD_CODE.of(f"998{4 * serial + place:07}"),
                "domicile": "見本県見本市本通２番地", "register_head": "測定　太郎",
            },
        }
        for place, (name, relation, sex, year) in enumerate(PEOPLE)
    ]  # fmt: skip
    came_from = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地"}
    place = {"municipality_code": f"{TOWN}", "prefecture": "架空県", "city": "架空市", "block": "松町", "lot": "１番地"}
    today = clock.today().isoformat()
    return {
        "act": "move_in", "event_on": today, "notified_on": today, "notifier_capacity": "self", "people": people,
        "place": place, "came_from": came_from, "confirmed": ["address_not_in_dictionary"],
    }  # fmt: skip


class Counter:
    """The clerks who enter and decide at once; what each request took (窓口)."""

    def __init__(self, pause: float) -> None:
        self.pause, self.serial, self.lock = pause, 0, threading.Lock()
        self.entering, self.deciding = Times(), Times()

    def work(self, acts: int) -> None:
        """One clerk: ``acts`` move-ins, each entered and then decided by the chief's account."""
        clerk, chief = Clerk(TOKEN), Clerk(TOKEN, CHIEF)
        for _ in range(acts):
            with self.lock:
                self.serial += 1
                said = _family(self.serial)
            time.sleep(self.pause)
            with self.entering.taking():
                draft = clerk.post("/api/v1/events", said)
            time.sleep(self.pause)
            with self.deciding.taking():
                chief.post(f"/api/v1/events/{draft['id']}/decide", {"version": draft["version"]})
        connections.close_all()


def _acts(acts: int, pause: float) -> Table:
    table = Table(
        "A move-in of four, entered and decided",
        ("who", "acts", "entering p50", "p95", "deciding p50", "p95", "floor p50", "deciding / floor"),
        f"Whole requests to the API, wall, idempotency key and audit included. {CLERKS} clerks in one server process, "
        f"each with {pause:g} s between an answer and the next request; target: p95 at most 300 ms for each. Floor: "
        "the rows that both write, one INSERT each in one transaction, into tables without index, constraint or wall.",
    )
    counter = Counter(pause)
    with connect(SUPERUSER) as superuser:
        before = {table: _most(superuser, table) for table in WRITTEN}
        counter.work(1)
        floor = _floor(superuser, before, acts)
    for name, clerks, rest in (("1 clerk, no pause", 1, 0.0), (f"{CLERKS} clerks", CLERKS, pause)):
        counter.pause, counter.entering, counter.deciding = rest, Times(), Times()
        with ThreadPoolExecutor(clerks) as pool:
            list(pool.map(counter.work, [acts // clerks] * clerks))
        entering, deciding = counter.entering, counter.deciding
        is_met = max(entering.p95, deciding.p95) <= TARGET if clerks == CLERKS else None
        times = (entering.p50, entering.p95, deciding.p50, deciding.p95, floor.p50)
        table.add(name, f"{acts // clerks * clerks}", *map(ms, times), f"{deciding.p50 / floor.p50:.1f}", is_met=is_met)
    return table


def _most(superuser: Any, table: str) -> int:
    key = "seq" if table == "audit_entry" else "id"
    return int(superuser.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0])


def _floor(superuser: Any, before: dict[str, int], rounds: int) -> Times:
    """The same rows as one act wrote, into bare tables."""
    statements: list[tuple[str, str]] = []
    for table, last in before.items():
        key = "seq" if table == "audit_entry" else "id"
        superuser.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
        insert = f"INSERT INTO bare_{table} SELECT * FROM json_populate_record(NULL::bare_{table}, %s)"
        asked = f"SELECT to_json(one)::text FROM {table} one WHERE {key} > %s"
        statements += [(insert, row) for (row,) in superuser.execute(asked, [last]).fetchall()]
    times = Times()
    for _ in range(rounds):
        with times.taking(), superuser.transaction():
            for insert, row in statements:
                superuser.execute(insert, [row])
    return times


def _queue(rounds: int) -> Table:
    """The page of the queue and its API, with 1,000 entries waiting."""
    _fill_the_queue()
    table = Table(
        "Provisional entries",
        ("list of 50", "requests", "p50", "p95"),
        f"Whole requests with {WAITING:,} entries waiting; target: p95 at most 150 ms.",
    )
    web, api = Clerk(WEB), Clerk(TOKEN)
    pages = WAITING // 50
    with wall.within(TOWN):
        ids = list(Draft.objects.filter(state="waiting").order_by("entered_at", "pk").values_list("pk", flat=True))
    ways: dict[str, Callable[[int], object]] = {
        "`/drafts`": lambda number: web.get("/drafts", f"page={number % pages + 1}"),
        "`/api/v1/events`": lambda number: api.get(
            "/api/v1/events", f"limit=50&cursor={ids[number % (len(ids) // 2)]}"
        ),
    }
    for name, way in ways.items():
        times = Times()
        way(0)
        for number in range(rounds):
            with times.taking():
                way(number)
        table.add(name, f"{rounds}", ms(times.p50), ms(times.p95), is_met=times.p95 <= LIST_TARGET)
    return table


def _fill_the_queue() -> None:
    """1,000 entries about as many people, as clerks would have entered them; written at once."""
    with wall.within(TOWN):
        newest = ResidentRecord.objects.filter(status="1").select_related("addressee").order_by("-pk")[:WAITING]
        clerk = Staff.objects.get(login_name=COUNTER)
        drafts, people = [], list(newest)
        for row in people:
            said = Said(row.addressee.number, {"name": f"{row.name}改"})
            notice = Notice(act="minor_correction", notified_on=clock.today(), people=(said,))
            drafts.append(
                Draft(
                    act=notice.act, notice=as_json(notice), digest="", entered_by_kind=clerk.actor_kind,
                    entered_by_id=clerk.actor_id, entered_at=clock.now(),
                )
            )  # fmt: skip
        made = Draft.objects.bulk_create(drafts)
        seen = dict(zip([row.addressee_id for row in people], made, strict=True))
        Claim.objects.bulk_create(Claim(draft=draft, addressee_id=person) for person, draft in seen.items())
