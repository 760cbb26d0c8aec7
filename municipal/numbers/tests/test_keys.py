"""Keys are made, exchanged and thrown away, and a crash in the middle loses nothing (鍵の更新の試験)."""

import base64
import stat
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.numbers import jobs, keyring, sealing
from municipal.numbers.models import Cause, IndividualNumber
from municipal.numbers.operations import enter_number, holder_of
from municipal.numbers.operations.entering import opened
from municipal.numbers.sealing import Digits
from municipal.office.jobs import run
from municipal.office.models import Job
from municipal.office.operations import order_job

from .test_numbers import number, person


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """A key file of an installation of its own, with one key."""
    path = tmp_path / "keys"
    settings.KIJUN_NUMBER_KEYS = str(path)
    keyring.add_key(path, "first")
    return path


def command(*arguments: str) -> str:
    said = StringIO()
    call_command("number_keys", *arguments, stdout=said)
    return said.getvalue()


def given(town: int, count: int) -> list[tuple[int, Digits]]:
    with wall.within(town):
        found = []
        for serial in range(1, count + 1):
            one = person()
            enter_number(
                actor=System(), addressee=one.pk, digits=number(serial), valid_from=date(2026, 5, 1),
                cause=Cause.DESIGNATION,
            )  # fmt: skip
            found.append((one.pk, number(serial)))
        return found


def held(town: int) -> dict[int, Digits]:
    with wall.within(town):
        return {row.addressee_id: opened(row) for row in IndividualNumber.objects.all()}


def test_a_key_file_is_readable_by_its_owner_only_and_no_key_shows_itself(keys: Path) -> None:
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    master = keyring.ring().newest.master
    assert len(master) == keyring.LENGTH
    said = repr(keyring.ring()) + str(keyring.ring().newest)
    assert repr(master) not in said
    assert base64.b64encode(master).decode() not in said


@pytest.mark.parametrize(
    "text",
    ["", "first", "first AAAA", "FIRST " + "A" * 44, "first " + "é" * 44, "a" * 21 + " " + "A" * 43 + "="],
)
def test_a_spoilt_key_file_shuts_the_numbers_and_says_so(tmp_path: Path, settings: Any, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, encoding="utf-8")
    settings.KIJUN_NUMBER_KEYS = str(path)
    with pytest.raises(Refused) as refused:
        keyring.ring()
    assert refused.value.code == "no_number_keys"


def test_an_installation_with_a_secret_of_its_own_needs_keys_of_its_own(settings: Any, tmp_path: Path) -> None:
    assert keyring.ring().newest.id == keyring.TRAINING
    settings.SECRET_KEY = "x" * 50
    with pytest.raises(Refused):
        keyring.ring()
    settings.KIJUN_NUMBER_KEYS = str(tmp_path / "nowhere")
    with pytest.raises(Refused):
        keyring.ring()


@pytest.mark.parametrize("name", ["first", "", "Second", "é", "a b", "x" * 21])
def test_a_key_gets_a_name_that_is_new_and_plain(keys: Path, name: str) -> None:
    with pytest.raises(Refused):
        keyring.add_key(keys, name)
    assert list(keyring.ring().keys) == ["first"]


def test_keys_are_exchanged_in_every_town_and_the_old_one_is_thrown_away(committed_db: str, keys: Path) -> None:
    known = {town: dict(given(town, 3)) for town in (TOWN, OTHER_TOWN)}
    with pytest.raises(CommandError, match="6件"):
        command("remove", "first")
    command("add", "second")
    assert command("list") == "first\t6\nsecond\t0\n"
    with pytest.raises(CommandError, match="6件"):
        command("remove", "first")
    command("rotate")
    assert command("list") == "first\t0\nsecond\t6\n"
    command("remove", "first")
    assert list(keyring.ring().keys) == ["second"]
    for town in (TOWN, OTHER_TOWN):
        assert held(town) == known[town]
        with wall.within(town):
            found = holder_of(number(2))
            assert found is not None
            assert known[town][found.pk] == number(2)


def test_a_crash_in_the_middle_leaves_both_keys_in_use_and_the_next_run_finishes(
    committed_db: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(given(TOWN, 7))
    keyring.add_key(keys, "second")
    monkeypatch.setattr(jobs, "BATCH", 2)
    with wall.within(TOWN):
        job = order_job(actor=System(), kind=jobs.KIND)
    left, genuine = [3], sealing.seal

    def dies(digits: Digits, owner: str) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise MemoryError
        return genuine(digits, owner)

    monkeypatch.setattr(jobs, "seal", dies)
    run(TOWN, job.pk)
    with wall.within(TOWN):
        assert Job.objects.get(pk=job.pk).failure == "MemoryError"
        used = list(IndividualNumber.objects.order_by("pk").values_list("key_id", flat=True))
    # The step in which it died is undone as a whole: two of seven are done.
    assert used == ["second"] * 2 + ["first"] * 5
    # Meanwhile everybody is found, and nobody gets a number twice, whichever key it is sealed with.
    with wall.within(TOWN):
        assert {serial for serial in range(1, 8) if holder_of(number(serial))} == set(range(1, 8))
        other = Addressee.objects.exclude(pk__in=known).first() or person()
        for serial in (1, 7):
            with pytest.raises(Refused) as refused:
                enter_number(
                    actor=System(), addressee=other.pk, digits=number(serial), valid_from=date(2026, 5, 1),
                    cause=Cause.DESIGNATION,
                )  # fmt: skip
            assert refused.value.code == "one_person_of_each_number"
    monkeypatch.setattr(jobs, "seal", genuine)
    run(TOWN, job.pk)
    with wall.within(TOWN):
        assert Job.objects.get(pk=job.pk).state == Job.State.DONE
        assert set(IndividualNumber.objects.values_list("key_id", flat=True)) == {"second"}
    assert held(TOWN) == known


def test_without_its_key_a_number_stays_shut_with_a_clear_sentence(committed_db: str, keys: Path) -> None:
    given(TOWN, 1)
    keyring.add_key(keys, "second")
    keyring.remove_key(keys, "first")
    with pytest.raises(Refused) as refused:
        held(TOWN)
    assert refused.value.code == "no_such_key"


def test_the_last_key_is_never_removed(keys: Path) -> None:
    with pytest.raises(Refused):
        keyring.remove_key(keys, "first")
    with pytest.raises(Refused):
        keyring.remove_key(keys, "unknown")
