"""Where data and sockets lie (置き場所の試験)."""

import os
from pathlib import Path

import pytest

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
