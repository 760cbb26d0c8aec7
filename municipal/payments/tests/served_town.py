"""A whole town on durable servers of its own, with a clerk who presses buttons again and again (試験用の町の運転)."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from django.conf import global_settings
from django.db import connections
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from conftest import ROOT, TOWN, Cluster
from municipal.identity.demo import PASSWORD, open_demo_accounts
from municipal.machine.children import Program
from municipal.machine.places import Place
from municipal.machine.ports import hold_port
from municipal.machine.postgresql import APP, OWNER, PostgreSQL, programs
from municipal.machine.tests.conftest import eventually, kill
from municipal.machine.valkey import Valkey
from municipal.municipalities.management.commands import up

FIELD = re.compile(r'name="(key|csrfmiddlewaretoken)" value="([^"]+)"')
PATIENCE = 120


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *args: object) -> None:
        return None


@dataclass
class Clerk:
    """A browser without a picture: cookies, forms, and a finger that does not give up."""

    address: str
    opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies, Stay())

    def ask(
        self, path: str, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        """Status, and where it leads or what the page says. Raises OSError where nobody answers."""
        headers = {"Content-Type": kind, "Referer": self.address} if data is not None else {}
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("Location") or error.read().decode(errors="replace")

    def insist(
        self, path: str, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        """As a patient person: again until the server answers with something that is no fault of its own."""
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                status, said = self.ask(path, data, kind)
                if status < 500:
                    return status, said
            assert time.monotonic() < until, path
            time.sleep(0.1)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page: its token and its key."""
        status, page = self.insist(path)
        assert status == 200, (path, status, page[:200])
        return dict(FIELD.findall(page))

    def sign_in(self, login_name: str) -> None:
        said = self.form("/sign-in") | {"town": f"{TOWN}", "login_name": login_name,
                                        "password": PASSWORD.format(login=login_name)}  # fmt: skip
        status, where = self.insist("/sign-in", urlencode(said).encode())
        assert status == 302, where[:500]

    def press(
        self, path: str, said: Mapping[str, object], form: Mapping[str, str], *, is_patient: bool
    ) -> tuple[int, str]:
        """Send a form, with files in it perhaps; the same ``form`` again is the same button pressed again."""
        act = self.insist if is_patient else self.ask
        return act(path, encode_multipart(BOUNDARY, {**form, **said}), MULTIPART_CONTENT)


@dataclass
class ServedTown:
    """The servers, and how to kill them."""

    server: PostgreSQL
    broker: Valkey
    web: Program
    worker: Program
    clerk: Clerk

    def kill(self, what: str) -> None:
        """kill -9, as when the power fails for one of them."""
        if what == "postgresql":
            kill(int((self.server.data / "postmaster.pid").read_text().split("\n")[0]))
            assert soon(lambda: not self.server.is_running)
        elif what == "broker":
            assert self.broker.process
            kill(self.broker.process.pid)
            self.broker.process.wait()
        else:
            program = self.web if what == "web" else self.worker
            assert program.process
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.process.pid, signal.SIGKILL)
            program.process.wait()

    def mend(self) -> None:
        """What is not there any more is started again; the web server answers."""
        connections.close_all()
        self.server.start()
        self.broker.start()
        self.worker.start()
        self.web.start()
        status, _ = self.clerk.insist("/sign-in")
        assert status < 500


@contextmanager
def serving(folder: Path, cluster: Cluster) -> Iterator[ServedTown]:
    """A town with the demo accounts, served by a web server and a worker, to which both connections lead."""
    place = Place("run", folder)
    server, broker = PostgreSQL(place), Valkey(place)
    server.start()
    former = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    port, held = hold_port(8600)
    programs_of_town: list[Program] = []
    try:
        server.prepare_database("kijun")
        _copy(cluster, server)
        for alias in former:
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": str(place.sockets), "NAME": "kijun"}
        # The tests' own fast hash of passwords is none that a server knows.
        with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
            open_demo_accounts(TOWN)
        broker.start()
        web, worker, _ = up.programs(port)
        programs_of_town = [
            Program(one.name, one.command, folder / f"{one.name}.log", _environment(place)) for one in (web, worker)
        ]
        with held:
            for one in programs_of_town:
                one.start()
        town = ServedTown(server, broker, programs_of_town[0], programs_of_town[1], Clerk(f"http://127.0.0.1:{port}"))
        town.clerk.sign_in("treasurer")
        yield town
    finally:
        for one in programs_of_town:
            one.stop()
        for alias, old in former.items():
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": old["HOST"], "NAME": old["NAME"]}
        broker.stop()
        server.stop()


def _environment(place: Place) -> dict[str, str]:
    """As ``settings`` of the test say, so that test and servers write to the same folders."""
    folders = {
        f"KIJUN_{name.upper()}": str(place.checkout / name)
        for name in ("anchors", "payments", "transfer", "inspections")
    }
    return os.environ | folders | {
        "DATABASE_URL": place.database_url(APP), "DATABASE_OWNER_URL": place.database_url(OWNER),
        "BROKER_URL": place.broker_url, "DJANGO_SETTINGS_MODULE": "municipal.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def _copy(cluster: Cluster, server: PostgreSQL) -> None:
    """The migrated template of the tests, which is made in a tenth of the time that migrating takes."""
    source, target = cluster.postgresql.place.sockets, server.place.sockets
    common = ["-U", "kijun_superuser", "-h"]
    dump = subprocess.run(
        [str(programs() / "pg_dump"), *common, str(source), cluster.template()], capture_output=True, check=True
    )
    subprocess.run(
        [str(programs() / "psql"), *common, str(target), "-q", "-v", "ON_ERROR_STOP=1", "-d", "kijun"],
        input=dump.stdout, capture_output=True, check=True,
    )  # fmt: skip


def while_doing(
    act: Callable[[], object], seconds: float, strike: Callable[[], None], mend: Callable[[], None]
) -> None:
    """``act`` in a thread, which is let fail; ``strike`` so many seconds after it began, and ``mend`` at once."""

    def trying() -> None:
        with contextlib.suppress(OSError, AssertionError):
            act()

    doing = threading.Thread(target=trying)
    doing.start()
    time.sleep(seconds)
    strike()
    mend()
    doing.join(2 * PATIENCE)
    assert not doing.is_alive()


def soon(question: Callable[[], bool]) -> bool:
    """Whether it becomes true while a patient person waits."""
    return eventually(question, PATIENCE)
