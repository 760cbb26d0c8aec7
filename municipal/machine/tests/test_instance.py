"""Only one launcher in each checkout (起動は一つだけの試験)."""

import pytest

from municipal.machine.instance import AlreadyRunning, Instance
from municipal.machine.places import Place


def test_a_second_one_is_refused_and_told_where_the_first_is(place: Place) -> None:
    first = Instance(place)
    first.take()
    first.tell(address="http://127.0.0.1:8000/")
    with pytest.raises(AlreadyRunning, match=r"runs already: http://127\.0\.0\.1:8000/ \(process \d+\)"):
        Instance(place).take()
    first.leave()


def test_one_that_is_still_starting_says_so(place: Place) -> None:
    first = Instance(place)
    first.take()
    with pytest.raises(AlreadyRunning, match="still starting"):
        Instance(place).take()
    first.leave()


def test_after_a_tidy_end_nothing_is_left_to_adopt(place: Place) -> None:
    for _ in range(2):
        instance = Instance(place)
        assert instance.take() is False
        instance.leave()


def test_after_a_kill_the_next_one_knows(place: Place) -> None:
    killed = Instance(place)
    killed.take()
    killed.tell(address="http://127.0.0.1:8000/")
    assert killed.lock is not None
    killed.lock.close()  # what the system does when a process is killed
    next_one = Instance(place)
    assert next_one.take() is True
    next_one.leave()


def test_a_torn_note_is_one_of_a_killed_launcher_too(place: Place) -> None:
    place.prepare()
    (place.data / "up.lock").write_text('{"process": 1')
    instance = Instance(place)
    assert instance.take() is True
    instance.leave()


def test_two_checkouts_do_not_disturb_each_other(place: Place) -> None:
    here, there = Instance(place), Instance(Place("run", place.checkout / "there"))
    here.take()
    there.take()
    for instance in (here, there):
        instance.leave()
    there.place.sockets.rmdir()
