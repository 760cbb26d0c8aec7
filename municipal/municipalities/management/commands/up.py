"""``manage.py up``: a living town on this machine, from one command (起動)."""

import http.client
import importlib
import io
import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, NotSupportedError, connections
from django.db.migrations.executor import MigrationExecutor

from municipal.machine.children import Program
from municipal.machine.instance import AlreadyRunning, Instance
from municipal.machine.places import NoSafePlace
from municipal.machine.ports import HOST, NoFreePort, hold_port
from municipal.machine.postgresql import OLDEST, NotRunnable, PostgreSQL
from municipal.machine.supervisor import Supervisor
from municipal.machine.valkey import Valkey
from municipal.municipalities.models import Municipality

# The made-up towns: local-government code and number of residents.
TOWNS = (("990019", 2000), ("990027", 300))
WEB_PATIENCE = 60.0


class Command(BaseCommand):
    """Starts what is needed, watches over it, stops it (起動)."""

    help = (
        "Starts the town and keeps it running until Ctrl-C: an embedded PostgreSQL (unless DATABASE_URL is set) and an "
        "embedded Valkey (unless BROKER_URL is set), migrations, the made-up towns, the web server, a worker and its "
        "beat. Whatever ends by itself is started again. Logs are in .data/run/logs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=int(os.environ.get("KIJUN_PORT", "8000")),
            help="where the web server listens; the next free port is taken if this one is not (default: %(default)s)",
        )

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        instance = Instance(settings.PLACE)
        supervisor = Supervisor(self.say)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            was_killed = instance.take()
        except (AlreadyRunning, NoSafePlace, OSError) as error:
            raise CommandError(str(error)) from error
        try:
            self.run(supervisor, instance, port, was_killed=was_killed)
        except KeyboardInterrupt:
            self.say("Stopping ...")
        except (NotRunnable, NoSafePlace, NoFreePort, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            connections.close_all()
            supervisor.stop()
            instance.leave()
        self.say("Stopped.")

    def say(self, line: str) -> None:
        """One line for the person at the terminal, at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def run(self, supervisor: Supervisor, instance: Instance, port: int, *, was_killed: bool) -> None:
        """Everything from the first server to the last interrupt."""
        began = time.monotonic()
        if was_killed:
            self.say("An earlier run was killed; taking over what it left.")
        self.start_servers(supervisor, adopt=was_killed)
        refuse_other_databases()
        self.migrate()
        self.check(databases=["default"])
        self.load_towns()
        address = self.start_programs(supervisor, port, patience=10 if was_killed else 0)
        instance.tell(address=address)
        self.announce(address, time.monotonic() - began)
        connections.close_all()
        supervisor.watch()

    def start_servers(self, supervisor: Supervisor, *, adopt: bool) -> None:
        """The embedded servers, as far as no other ones are named."""
        if settings.IS_EMBEDDED:
            postgresql = PostgreSQL(settings.PLACE)
            if not postgresql.is_made:
                self.say("Making the database ...")
            supervisor.add(postgresql, adopt=adopt)
            postgresql.prepare_database()
        if "BROKER_URL" not in os.environ:
            supervisor.add(Valkey(settings.PLACE), adopt=adopt)

    def migrate(self) -> None:
        """Bring the tables up to date as their owner. Raises CommandError if the owner is not named."""
        connection = connections["owner"]
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if not settings.IS_EMBEDDED and "DATABASE_OWNER_URL" not in os.environ:
            raise CommandError("The tables are not up to date: set DATABASE_OWNER_URL to the role that may migrate.")
        self.say("Migrating ...")
        call_command("migrate", database="owner", verbosity=0)

    def load_towns(self) -> None:
        """The made-up towns, unless a real one lives here."""
        if Municipality.objects.filter(is_fictional=False).exists():
            return
        if not Municipality.objects.exists():
            self.say("Making two towns that do not exist; living their five years takes a minute or two ...")
        for code, residents in TOWNS:
            call_command("make_town", town=code, residents=residents, if_empty=True)
            call_command("keep_sample_questions", town=code, stdout=io.StringIO())

    def start_programs(self, supervisor: Supervisor, wanted: int, *, patience: float) -> str:
        """Web server, worker, beat; returns the address once it answers."""
        port, held = hold_port(wanted, patience=patience)
        with held:
            if port != wanted:
                self.say(f"Port {wanted} is taken; using {port}.")
            web, *others = programs(port)
            for program in (web, *others):
                supervisor.add(program)
            wait_for(web, port)
        return f"http://{HOST}:{port}/"

    def announce(self, address: str, seconds: float) -> None:
        """Where the town is and who may enter."""
        self.say(f"\nKijun is up after {seconds:.0f} s: {address}")
        for account in demo_accounts():
            self.say(f"  {account}")
        self.say(f"Logs: {settings.PLACE.logs}\nCtrl-C stops it.\n")


def refuse_other_databases() -> None:
    """Raises CommandError unless both roles reach a PostgreSQL that is new enough."""
    for alias in ("owner", "default"):
        connection = connections[alias]
        try:
            connection.ensure_connection()
            version = int(getattr(connection, "pg_version", 0))
        except NotSupportedError:
            version = 0
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from error
        if version < OLDEST * 10000:
            raise CommandError(f"Kijun runs on PostgreSQL {OLDEST} or newer only; this database is another one.")


def programs(port: int) -> list[Program]:
    """The web server and, behind it, the worker and its beat."""
    place, python = settings.PLACE, sys.executable
    celery = [python, "-m", "celery", "-A", "municipal"]
    web = [
        python, "-m", "granian", "--interface", "wsgi", "municipal.wsgi:application", "--host", HOST,
        "--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws",
        "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5",
    ]  # fmt: skip
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(place.data / "beat")]
    return [
        Program("Web server", web, place.logs / "web.log"),
        Program("Worker", worker, place.logs / "worker.log"),
        Program("Beat", beat, place.logs / "beat.log"),
    ]


def wait_for(web: Program, port: int) -> None:
    """Until the web server answers anything at all. Raises NotRunnable with its last words."""
    until = time.monotonic() + WEB_PATIENCE
    while web.is_running and time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise NotRunnable(f"The web server did not start; {web.log} says:\n{web.last_words()}")


def demo_accounts() -> Iterator[str]:
    """Who may sign in to the made-up towns, a line each; nobody where an installation has a secret of its own."""
    # This room lies below identity and may not know it by name at import.
    demo = importlib.import_module("municipal.identity.demo")
    for account in demo.accounts():
        yield f"{account.town}  {account.login_name:<8}  {account.password:<20}  {account.may}"
