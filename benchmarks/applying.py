"""Sixty residents apply at once: form pages and submission beside an empty page; the queue they end in (申請の測定).

The procedure is one that asks for a signature: a session with a card, pages with what the register holds, the check
page, the PIN of the signature.
"""

import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connections
from django.test import Client

from municipal.addressees.models import Addressee, AddresseeKind, LifeState
from municipal.applicants.facts import facts_of
from municipal.applicants.issuer import subject
from municipal.applicants.operations import HOLDER, issue_card, sign_in
from municipal.applications.models import Case
from municipal.core.actors import System
from municipal.identity.models.sessions import WEB
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall

from .ground import TOWN, connect
from .measuring import Table, Times, ms
from .request import Clerk

RESIDENTS, PAUSE, ROUNDS = 60, 5.0, 3
WAITING, LISTS = 50_000, 200
PAGE_TARGET, SUBMIT_TARGET, QUEUE_TARGET = 0.200, 0.400, 0.150
PIN, SIGNATURE_PIN = "1234", "KIJUN2026"
HERE, CODE = f"/apply/{TOWN}", "care-plan"
EMPTY, FORM, SAVE, CHECK, SUBMIT = "an empty page", "form page", "saving a page", "check page", "submission"
SAID = {"phone": "000-0000-0000", "office": "見本", "act": "next"}
Copy = Callable[[], AbstractContextManager[str]]
Found = dict[str, Times]


class NotAnswered(Exception):  # noqa: N818
    """A request was not answered as expected, so that its time means nothing (応答の失敗)."""


@dataclass
class Resident:
    """Somebody with a card who is signed in; what each kind of request of theirs took (住民)."""

    card: str
    key: str
    pause: float
    found: Found = field(default_factory=lambda: defaultdict(Times))
    client: Client = field(default_factory=lambda: Client(headers={"host": "localhost"}))

    def __post_init__(self) -> None:
        self.client.cookies["kijun_applicant"] = self.key

    def apply(self) -> None:
        """From the first page to the receipt, with a pause for reading before every request."""
        self._get(EMPTY, f"{HERE}/status")
        self._get("first page", f"{HERE}/{CODE}")
        page = self._sent("beginning", f"{HERE}/{CODE}", {})
        while "/pages/" in page:
            said = SAID | _ticked(self._get(FORM, page))
            page = self._sent(SAVE, page, said)
        self._get(CHECK, page)
        sign = page.replace("/check", "/sign")
        self._get("page for the PIN", sign)
        done = self._sent(SUBMIT, sign, {"number": self.card, "pin": SIGNATURE_PIN})
        if "/receipt" not in done:
            raise NotAnswered(done)

    def _get(self, kind: str, path: str) -> str:
        time.sleep(random.uniform(0.5, 1.5) * self.pause)
        with self.found[kind].taking():
            answer = self.client.get(path)
        if answer.status_code != 200:
            raise NotAnswered(f"{path}: {answer.status_code}")
        return str(answer.content.decode())

    def _sent(self, kind: str, path: str, said: dict[str, str]) -> str:
        time.sleep(random.uniform(0.5, 1.5) * self.pause)
        with self.found[kind].taking():
            answer = self.client.post(path, said)
        if answer.status_code != 302:
            raise NotAnswered(f"{path}: {answer.status_code} {answer.content.decode()[:2000]}")
        return str(answer["Location"])


def _ticked(page: str) -> dict[str, str]:
    """The first answer of every choice of the page: statutory items are confirmed as they are."""
    said: dict[str, str] = {}
    for kind, name, value in re.findall(r'<input type="(radio|checkbox)" name="([^"]+)" value="([^"]+)"', page):
        said.setdefault(name, value) if kind == "radio" else said.update({name: value})
    return said


def measure(copy: Copy, rounds: int = ROUNDS, waiting: int = WAITING) -> list[Table]:
    """Each resident applies ``rounds`` times, alone and among sixty; then the queue with ``waiting`` cases."""
    with copy():
        table = Table(
            "Applying with a card and a signature",
            ("who", "request", "count", "p50", "p95", "p95 / empty page"),
            f"Whole requests in one server process; {RESIDENTS} residents at once, each reading {PAUSE:g} s on average "
            f"before every request. Targets: form page p95 at most {ms(PAGE_TARGET)}, submission at most "
            f"{ms(SUBMIT_TARGET)}.",
        )
        people, before = list(_residents(RESIDENTS)), _made()
        _add(table, "1 resident, no pause", [_applied(people[0], rounds * 10, 0.0)], is_judged=False)
        with ThreadPoolExecutor(RESIDENTS) as pool:
            found = list(pool.map(lambda one: _applied(one, rounds, PAUSE), people))
        _add(table, f"{RESIDENTS} residents", found, is_judged=True)
        made = _made() - before
        if made != rounds * (10 + RESIDENTS):
            raise NotAnswered(f"{made} cases")
        return [table, _queue(waiting)]


def _made() -> int:
    with wall.within(TOWN):
        return Case.objects.filter(procedure=CODE).count()


def _queue(waiting: int) -> Table:
    """The clerk's queue, its pages and what it is narrowed by."""
    with wall.within(TOWN):
        made = Case.objects.filter(procedure=CODE).order_by("-pk")[0]
        for start in range(0, waiting, 5_000):
            Case.objects.bulk_create(_copies(made, range(start, min(start + 5_000, waiting))))
    with connect(SUPERUSER) as superuser:
        superuser.execute("ANALYZE applications_case")
    table = Table(
        "The queue of the office", ("list of 50", "requests", "p50", "p95"),
        f"Whole requests with {waiting:,} open cases; target: p95 at most {ms(QUEUE_TARGET)}.",
    )  # fmt: skip
    clerk, pages = Clerk(WEB), max(waiting // 50, 1)
    for name, query in {"every page in turn": "page={}", "one procedure": f"procedure={CODE}&page={{}}"}.items():
        times = Times()
        clerk.get("/cases", query.format(1))
        for number in range(LISTS):
            with times.taking():
                clerk.get("/cases", query.format(number * 7 % pages + 1))
        table.add(name, f"{LISTS}", ms(times.p50), ms(times.p95), is_met=times.p95 <= QUEUE_TARGET)
    return table


def _copies(case: Case, numbers: Iterable[int]) -> Iterator[Case]:
    """The same case again and again, as other people's, due on other days."""
    for number in numbers:
        yield Case(
            number=f"260101-{number // 10_000:04}-{number % 10_000:04}", code_digest=case.code_digest,
            procedure=CODE if number % 10 == 0 else "nursery-status", version=case.version, entry=case.entry,
            workflow=case.workflow, state=("submitted", "form_check", "substance_check")[number % 3],
            language=case.language, applicant=case.applicant, answers=case.answers, filled=case.filled,
            submitted_at=case.submitted_at, due_on=case.due_on + timedelta(days=number % 40),
            changed_at=case.changed_at,
        )  # fmt: skip


def _residents(count: int) -> Iterator[Resident]:
    with wall.within(TOWN):
        people = Addressee.objects.filter(kind=AddresseeKind.RESIDENT, life_state=LifeState.RESIDENT).order_by("pk")
        for person in people[:count]:
            card = issue_card(
                actor=System(actor_kind="staff", actor_id=1), holder=person, pin_user=PIN, pin_signature=SIGNATURE_PIN
            )
            name = subject(TOWN, card)
            opened = sign_in(actor=HOLDER, issuer="benchmark", subject=name, facts=facts_of(person))
            yield Resident(card.number, opened.key, 0.0)


def _applied(resident: Resident, rounds: int, pause: float) -> Found:
    resident.pause, resident.found = pause, defaultdict(Times)
    for _ in range(rounds):
        resident.apply()
    connections.close_all()
    return resident.found


def _add(table: Table, who: str, found: list[Found], *, is_judged: bool) -> None:
    kinds = list(found[0])
    whole = {kind: Times([one for each in found for one in each[kind].wall]) for kind in kinds}
    for kind in kinds:
        times, target = whole[kind], {FORM: PAGE_TARGET, SUBMIT: SUBMIT_TARGET}.get(kind)
        is_met = times.p95 <= target if is_judged and target else None
        ratio = f"{times.p95 / whole[EMPTY].p95:.1f}"
        table.add(who, kind, f"{len(times.wall)}", ms(times.p50), ms(times.p95), ratio, is_met=is_met)
