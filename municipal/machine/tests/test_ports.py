"""A port that is free, and stays ours (空きポートの試験)."""

import socket
import threading
from collections.abc import Iterator

import pytest

from municipal.machine import ports
from municipal.machine.ports import HOST, NoFreePort, hold_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which a web server of somebody else listens, sharing it as ours does."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_free_port_is_taken_as_asked(taken: int) -> None:
    free, held = hold_port(taken + 1)
    with held:
        assert free > taken


def test_a_port_on_which_another_town_listens_is_passed_over(taken: int) -> None:
    port, held = hold_port(taken)
    with held:
        assert port > taken


def test_what_one_launcher_holds_another_does_not_get(taken: int) -> None:
    first, held = hold_port(taken + 1)
    with held:
        second, held_too = hold_port(first)
        with held_too:
            assert second > first


def test_the_web_server_can_still_listen_on_the_held_port(taken: int) -> None:
    port, held = hold_port(taken)
    with held, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((HOST, port))
        server.listen()
        with socket.create_connection((HOST, port), timeout=5):
            accepted, _ = server.accept()
            accepted.close()


def test_a_server_that_is_just_ending_is_waited_for() -> None:
    server = socket.socket()
    server.bind((HOST, 0))
    server.listen()
    wanted = server.getsockname()[1]
    threading.Timer(0.2, server.close).start()
    port, held = hold_port(wanted, patience=5)
    held.close()
    assert port == wanted


def test_when_none_is_free_it_says_so(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "TRIES", 1)
    with pytest.raises(NoFreePort, match=f"No port from {taken} on is free"):
        hold_port(taken)
