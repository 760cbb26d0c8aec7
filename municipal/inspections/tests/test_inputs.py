"""Names made safe, uploads kept, hand-over folders found (検査の対象の試験)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import OTHER_TOWN, TOWN
from municipal.core.refusals import Refused
from municipal.inspections import inputs

from .files import upload


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        ("residents.csv", "residents.csv"),
        ("住民 異動.CSV", "住民 異動.CSV"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\data\\a.csv", "C__data_a.csv"),
        (".htaccess", "htaccess"),
        ("~$book.xlsx", "$book.xlsx"),
        ("a\0b\n.csv", "a_b_.csv"),
        ("..", "file"),
        ("", "file"),
        ("\u202egnp.csv", "_gnp.csv"),
        ("が.csv", "が.csv"),
        ("a.csv. ", "a.csv"),
    ],
)
def test_a_name_is_one_file_in_one_folder(said: str, safe: str) -> None:
    assert inputs.safe_name(said) == safe


def test_a_long_name_keeps_its_ending() -> None:
    made = inputs.safe_name("住" * 200 + ".csv")
    assert made.endswith("住.csv")
    assert 140 <= len(made.encode()) <= inputs.LONGEST_NAME


@given(st.text(max_size=300))
@example(". 0")
@example("~ .0 .")
def test_no_name_leaves_its_folder(said: str) -> None:
    made = inputs.safe_name(said)
    assert made
    assert made not in {".", ".."}
    assert Path("/kept", made).parent == Path("/kept")
    assert not made.startswith(".")
    assert len(made.encode()) <= inputs.LONGEST_NAME
    assert inputs.safe_name(made) == made


@given(st.lists(st.sampled_from(["a.csv", "A.CSV", "a (2).csv", "a", "/a", "b/a"]), max_size=8))
def test_no_two_names_are_alike(said: list[str]) -> None:
    made = inputs.distinct(said)
    assert len({name.casefold() for name in made}) == len(said)


def test_uploads_are_kept_as_they_came_in_the_towns_own_folder(kept: Path) -> None:
    key = uuid4()
    names = inputs.keep(TOWN, key, [upload("b.csv", b"1\r\n\x83"), upload("../a.csv", b""), upload("B.csv", b"2")])
    folder = kept / "990019" / str(key)
    assert names == sorted(["b.csv", "a.csv", "B (2).csv"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "b.csv": b"1\r\n\x83", "a.csv": b"", "B (2).csv": b"2",
    }  # fmt: skip
    assert folder.stat().st_mode & 0o077 == 0


def test_nothing_too_many_and_too_much_are_refused_and_nothing_stays(kept: Path, settings: Any) -> None:
    settings.KIJUN_UPLOAD_MEGABYTES = 1
    for files, code in (
        ([], "nothing_chosen"),
        ([upload()] * 101, "too_many"),
        ([upload(content=b"x" * 600_000), upload(content=b"x" * 600_000)], "too_large"),
    ):
        with pytest.raises(Refused) as refused:
            inputs.keep(TOWN, uuid4(), files)
        assert (refused.value.code, refused.value.field) == (code, "uploads")
    assert not kept.exists()


def test_exactly_the_limit_is_taken(settings: Any) -> None:
    settings.KIJUN_UPLOAD_MEGABYTES = 1
    assert inputs.keep(TOWN, uuid4(), [upload(content=b"x" * 1024 * 1024)]) == ["residents.csv"]


def test_a_place_that_takes_nothing_is_a_refusal(kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("a file where the folder should be")
    with pytest.raises(Refused) as refused:
        inputs.keep(TOWN, uuid4(), [upload()])
    assert refused.value.code == "unavailable"


def test_a_file_that_breaks_off_leaves_nothing_behind(kept: Path) -> None:
    class Broken:
        name, size = "a.csv", 3

        def chunks(self, chunk_size: Any = None) -> Iterator[bytes]:
            yield b"abc"
            raise OSError("gone")

    key = uuid4()
    with pytest.raises(Refused):
        inputs.keep(TOWN, key, [Broken()])
    assert not inputs.kept_at(TOWN, key).exists()


def test_a_town_is_shown_its_own_folders_only(handover: Path) -> None:
    for name in ("2026-11 税", "b", ".hidden"):
        (handover / name).mkdir()
    (handover / "a file").touch()
    (handover / "link").symlink_to("/etc")
    (handover.parent / f"{OTHER_TOWN:06d}" / "secret").mkdir(parents=True)
    assert list(inputs.handed_over(TOWN)) == ["2026-11 税", "b"]
    assert list(inputs.handed_over(OTHER_TOWN)) == ["secret"]
    assert inputs.handed_over(132012) == {}


def test_without_a_hand_over_place_there_are_no_folders() -> None:
    assert inputs.handed_over(TOWN) == {}


def test_the_same_files_have_the_same_digest_and_any_other_has_another() -> None:
    base = inputs.digest_of([upload("a", b"1"), upload("b", b"2")])
    assert inputs.digest_of([upload("a", b"1"), upload("b", b"2")]) == base
    others = [[("a", b"2"), ("b", b"1")], [("a", b"1")], [("b", b"2"), ("a", b"1")], [("c", b"1"), ("b", b"2")]]
    assert base not in {inputs.digest_of([upload(*one) for one in other]) for other in others}
