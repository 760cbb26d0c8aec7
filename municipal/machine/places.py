"""Where the embedded servers of one checkout keep their data and their sockets (置き場所)."""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# Not TMPDIR: it may be long, and two terminals of one person may not agree on it.
TEMPORARY = Path("/tmp")  # noqa: S108  (what we make in there is ours alone, see prepare)
MEMORY = Path("/dev/shm")  # noqa: S108  (as in TEMPORARY)
ENOUGH = 4 * 1024**3
"""Bytes that memory must have free before the data of tests lie in it."""
NOBODY = 65534


class NoSafePlace(Exception):  # noqa: N818  (it says what is missing)
    """A folder of ours is somebody else's or open to others (置き場所が安全でない)."""


def _refuse_unless_ours(folder: Path) -> None:
    """Anybody may put something where all may write; what is not ours alone is not used."""
    found = folder.lstat()
    # Root may have lent the folder to nobody, as whom PostgreSQL then runs.
    owners = {os.getuid(), NOBODY} if os.getuid() == 0 else {os.getuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o077:
        raise NoSafePlace(f"{folder} is not a folder of ours with mode 0700; remove it and try again.")


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
    def logs(self) -> Path:
        """The folder of what the servers and the programs have to say."""
        return self.data / "logs"

    @property
    def sockets(self) -> Path:
        """A short folder for the sockets: both servers refuse a path of more than 107 bytes.

        Derived from the checkout's path, so that two checkouts never meet.
        """
        digest = hashlib.sha256(os.fsencode(self.checkout / self.name)).hexdigest()[:12]
        return TEMPORARY / f"kijun-{os.getuid()}-{digest}"

    @property
    def nobodys(self) -> Path:
        """Where program and data lie if the real ``nobody`` must reach them; unlike /tmp it outlives a reboot."""
        return Path("/var/tmp") / self.sockets.name  # noqa: S108  (checked to be ours before use)

    @property
    def memory(self) -> Path:
        """Where the data lie if they are lent to memory."""
        return MEMORY / self.sockets.name

    def lend_to_memory(self) -> bool:
        """Let the data lie in memory, for tests only: a power cut takes them. Whether they do.

        A test with a database of its own waits for a thousand small files, which a disk's file system makes 24
        times slower. Data that are there already stay where they are, and so does everything where memory is small.
        """
        if self.data.is_dir():
            return self.data.is_symlink()
        if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
            return False
        self.memory.mkdir(exist_ok=True, mode=0o700)
        _refuse_unless_ours(self.memory)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        # After a reboot the link is there and leads nowhere; or another test run was quicker.
        if not self.data.is_symlink():
            with suppress(FileExistsError):
                self.data.symlink_to(self.memory, target_is_directory=True)
        return True

    def prepare(self) -> None:
        """Make both folders, for us alone. Raises NoSafePlace if somebody else holds the socket folder."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True, mode=0o700)
        self.sockets.mkdir(exist_ok=True, mode=0o700)
        _refuse_unless_ours(self.sockets)

    def database_url(self, role: str, database: str = "kijun") -> str:
        """A libpq address over the socket; ``role`` is one of the roles in ``postgresql.py``."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    @property
    def postgresql_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        """The address Celery uses for the embedded Valkey."""
        return f"redis+socket://{self.valkey_socket}"
