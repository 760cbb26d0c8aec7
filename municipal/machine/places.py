"""Where the embedded servers of one checkout keep their data and their sockets (置き場所)."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class NoSafePlace(Exception):  # noqa: N818  (it says what is missing)
    """The socket folder is there but belongs to somebody else or is open to others (置き場所が安全でない)."""


@dataclass(frozen=True)
class Place:
    """One cluster of servers: ``run`` for the town one works in, ``test`` for the tests (置き場所)."""

    name: str
    checkout: Path = CHECKOUT

    @property
    def data(self) -> Path:
        """The folder that holds everything that must survive, inside the checkout."""
        return self.checkout / ".data" / self.name

    @property
    def sockets(self) -> Path:
        """A short folder for the sockets: both servers refuse a path of more than 107 bytes.

        Derived from the checkout's path, so that two checkouts never meet.
        """
        digest = hashlib.sha256(os.fsencode(self.checkout / self.name)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"kijun-{os.getuid()}-{digest}"

    def prepare(self) -> None:
        """Make both folders, for us alone. Raises NoSafePlace if somebody else holds the socket folder."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sockets.mkdir(exist_ok=True, mode=0o700)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise NoSafePlace(f"{self.sockets} is not a folder of ours with mode 0700; remove it and try again.")

    def database_url(self, role: str, database: str = "kijun") -> str:
        """A libpq address over the socket; ``role`` is one of the roles in ``postgresql.py``."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        """The address Celery uses for the embedded Valkey."""
        return f"redis+socket://{self.valkey_socket}"
