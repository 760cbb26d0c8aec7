"""A free port of this machine, held until the web server has it (空きポート)."""

import errno
import socket
import time

HOST = "127.0.0.1"
TRIES = 100


class NoFreePort(Exception):  # noqa: N818
    """No port is free near the one that was asked for (空きポートがない)."""


def hold_port(wanted: int, *, patience: float = 0) -> tuple[int, socket.socket]:
    """The first free port from ``wanted`` on, and the socket that holds it without listening.

    The web server shares its port with whoever also asks for sharing, so that two towns would silently take turns
    on one address; a port on which nobody else may sit is found by asking without sharing, then held by sharing.
    ``patience``: seconds to wait for ``wanted`` itself, when an earlier server is just ending.
    """
    until = time.monotonic() + patience
    while not _is_free(wanted) and time.monotonic() < until:
        time.sleep(0.1)
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if _is_free(port):
            held = socket.socket()
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind((HOST, port))
            return port, held
    raise NoFreePort(f"No port from {wanted} on is free.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True
