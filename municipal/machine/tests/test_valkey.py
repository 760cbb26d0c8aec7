"""A real Valkey on a socket (組み込みValkeyの試験)."""

import stat
import time
from collections.abc import Iterator

import pytest
import redis

from municipal.machine import valkey as module
from municipal.machine.places import Place
from municipal.machine.postgresql import NotRunnable
from municipal.machine.tests.conftest import eventually, is_alive, kill
from municipal.machine.valkey import Valkey


@pytest.fixture
def valkey(place: Place) -> Iterator[Valkey]:
    server = Valkey(place)
    server.start()
    yield server
    server.stop()


def client(valkey: Valkey) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(valkey.place.valkey_socket))


def process_of(valkey: Valkey) -> int:
    assert valkey.process is not None
    return valkey.process.pid


def test_its_socket_is_for_us_alone_and_there_is_no_port(valkey: Valkey) -> None:
    found = valkey.place.valkey_socket.stat().st_mode
    assert stat.S_ISSOCK(found)
    assert found & 0o077 == 0
    with client(valkey) as connection:
        assert connection.config_get("port") == {"port": "0"}


def test_what_waits_survives_kill_9(valkey: Valkey) -> None:
    with client(valkey) as connection:
        connection.rpush("queue", "wake up")
    time.sleep(1.1)  # it writes to the disk every second
    kill(process_of(valkey))
    assert eventually(lambda: not valkey.is_running)
    assert valkey.start() is True
    with client(valkey) as connection:
        assert connection.lrange("queue", 0, -1) == [b"wake up"]


def test_a_second_one_adopts_the_first_and_does_not_stop_it(valkey: Valkey) -> None:
    second = Valkey(valkey.place)
    assert second.start() is False
    second.stop()
    assert valkey.is_running


def test_stopping_is_quick_and_leaves_no_process(valkey: Valkey) -> None:
    process, began = process_of(valkey), time.monotonic()
    valkey.stop()
    assert not is_alive(process)
    assert not valkey.is_running
    assert time.monotonic() - began < 3


def test_asking_where_none_runs_is_quick(place: Place) -> None:
    place.prepare()
    began = time.monotonic()
    assert not Valkey(place).is_running
    assert time.monotonic() - began < 0.5


def test_a_server_that_does_not_come_up_points_to_its_log(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "binary", lambda: "/bin/false")
    with pytest.raises(NotRunnable, match=r"Valkey did not start; see .*valkey\.log"):
        Valkey(place).start()


def test_without_the_wheel_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotRunnable, match="set BROKER_URL"):
        module.binary()
