"""Where data and sockets lie (置き場所の試験)."""

import os
from pathlib import Path

import pytest

from municipal.machine import cleaning, places
from municipal.machine.places import NoSafePlace, Place

LONGEST = 107


@pytest.mark.parametrize("checkout", [Path("/k"), Path("/", *["基準 folder"] * 40)])
def test_a_socket_s_path_is_short_however_long_the_checkout_s_is(checkout: Path) -> None:
    place = Place("run", checkout)
    for path in (place.postgresql_socket, place.valkey_socket):
        assert len(os.fsencode(f"{path}.lock")) <= LONGEST


def test_a_long_tmpdir_does_not_lengthen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Place("run").sockets
    monkeypatch.setenv("TMPDIR", "/" + "x" * 120)
    assert Place("run").sockets == before


def test_two_checkouts_and_two_places_of_one_never_meet() -> None:
    found = {Place(name, Path(checkout)).sockets for name in ("run", "test") for checkout in ("/one", "/two")}
    assert len(found) == 4


def test_both_folders_are_for_us_alone(place: Place) -> None:
    place.prepare()
    for folder in (place.data, place.sockets, place.logs):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == os.getuid()


def test_preparing_twice_changes_nothing(place: Place) -> None:
    place.prepare()
    (place.data / "kept").touch()
    place.prepare()
    assert (place.data / "kept").exists()


def test_a_socket_folder_that_is_open_to_others_is_refused(place: Place) -> None:
    place.sockets.mkdir()
    place.sockets.chmod(0o755)
    with pytest.raises(NoSafePlace, match=r"mode 0700; remove it"):
        place.prepare()


def test_a_link_in_the_place_of_the_socket_folder_is_refused(place: Place, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    place.sockets.symlink_to(tmp_path / "theirs")
    try:
        with pytest.raises(NoSafePlace):
            place.prepare()
    finally:
        place.sockets.unlink()


def test_addresses_name_the_socket_folder(place: Place) -> None:
    assert place.database_url("kijun_app", "x") == f"postgresql://kijun_app@/x?host={place.sockets}"
    assert place.broker_url == f"redis+socket://{place.sockets}/valkey.sock"


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(places, "MEMORY", folder)
    monkeypatch.setattr(places, "ENOUGH", 0)
    return folder


def test_data_that_are_lent_to_memory_lie_there_and_nowhere_else(place: Place, memory: Path) -> None:
    assert place.lend_to_memory()
    assert place.lend_to_memory()
    place.prepare()
    assert place.logs.resolve().parent == place.memory
    assert place.memory.stat().st_mode & 0o777 == 0o700


def test_after_a_reboot_memory_is_empty_and_is_used_anew(place: Place, memory: Path) -> None:
    place.lend_to_memory()
    place.memory.rmdir()
    assert place.lend_to_memory()
    place.prepare()
    assert place.logs.is_dir()


def test_where_memory_is_small_or_data_are_there_already_nothing_is_lent(
    place: Place, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ENOUGH", 2**62)
    assert not place.lend_to_memory()
    place.prepare()
    monkeypatch.setattr(places, "ENOUGH", 0)
    assert not place.lend_to_memory()
    assert list(memory.iterdir()) == []


def test_a_folder_in_memory_that_is_open_to_others_is_refused(place: Place, memory: Path) -> None:
    place.memory.mkdir(mode=0o755)
    place.memory.chmod(0o755)
    with pytest.raises(NoSafePlace):
        place.lend_to_memory()


def test_cleaning_empties_memory_too(place: Place, memory: Path) -> None:
    place.lend_to_memory()
    place.prepare()
    cleaning.main(place.checkout)
    assert list(memory.iterdir()) == []
    assert not place.data.is_symlink()
