"""A pack that cannot be used is refused before anything is judged, with file and reason (使えない仕様パックの試験)."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from municipal.conformance.packs import UnreadablePack, shipped
from municipal.conformance.soundness import problems, sound
from municipal.conformance.tests.commands_run import run
from municipal.conformance.tests.made_packs import item, made_pack

EXAMPLE = Path(__file__).parent / "packs" / "example" / "1"
REQUIREMENTS = (
    "clause,section,title_ja,title_en,level,omit,summary_ja,summary_en,"
    "method,reason_ja,reason_en,checks,status,source\n"
)


def text(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace text in a file of the pack; the test fails if it is not there."""

    def change(folder: Path) -> None:
        path = folder / name
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")

    return change


def adding(name: str, data: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(data, encoding="utf-8")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "broken TOML": (adding("pack.toml", "id = "), "pack.toml"),
    "no title": (adding("pack.toml", 'id = "x"\nversion = "1"\n'), "title_ja"),
    "tables that are none": (adding("pack.toml", 'tables = "none"\n'), "pack.toml"),
    "not UTF-8": (lambda folder: (folder / "items.csv").write_bytes("項目,表\n".encode("cp932")), "items.csv"),
    "too few cells": (adding("items.csv", "table,item,name_ja\nt,a\n"), "line 2"),
    "a type that is none": (text("items.csv", ",X,", ",Q,"), "unknown type"),
    "a length that is none": (text("items.csv", ",10,", ",ten,"), "ten"),
    "a rule that is none": (
        adding("requirements.csv", REQUIREMENTS + "1/m1,1,題,title,must,,要,sum,execute,,,RES-9999,official,x\n"),
        "RES-9999",
    ),
    "requirements without a column": (adding("requirements.csv", "clause,checks\n1/m1,\n"), "missing"),
    "a code list with a day that is none": (
        adding(
            "codes.csv",
            "list,code,name_ja,name_en,valid_from,valid_to,status,source\na,1,い,i,2026-02-30,,official,x\n",
        ),
        "day is out of range",
    ),
}


def made(folder: Path) -> Path:
    return made_pack(folder, [item("番号"), item("氏名", condition="番号=1", presence="conditional")]).folder


def test_every_shipped_pack_is_sound() -> None:
    assert [problem for pack in shipped().values() for problem in problems(pack)] == []


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_pack_is_sixty_four_with_file_and_reason(why: str, tmp_path: Path) -> None:
    change, named = BROKEN[why]
    folder = made(tmp_path)
    change(folder)
    (tmp_path / "x.csv").write_text("番号,氏名\n1,甲\n", encoding="utf-8")
    ran = run("check", tmp_path / "x.csv", "--pack", folder)
    assert (ran.status, ran.out) == (64, b"")
    assert "The pack cannot be used" in ran.said
    assert str(folder) in ran.said
    assert named in ran.said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (text("items.csv", "番号=1", "番号==1"), "条件"),
        (text("pack.toml", '[tables."t"]', '[tables."t"]\nkey = ["nobody"]'), "nobody"),
        (
            text("pack.toml", '[tables."t"]', '[tables."t"]\nreferences = [{items = ["番号"], table = "u"}]'),
            "u に 番号",
        ),
        (text("pack.toml", '[tables."t"]', '[tables."t"]\nreferences = [{table = "t"}]'), "KeyError"),
        (text("pack.toml", '[tables."t"]', '[tables."t"]\nreferences = ["t"]'), "TypeError"),
    ],
)
def test_what_a_pack_names_has_to_be_in_it(change: Callable[[Path], object], named: str, tmp_path: Path) -> None:
    folder = made(tmp_path)
    assert sound(str(folder)).id == "made"
    change(folder)
    with pytest.raises(UnreadablePack, match=named):
        sound(str(folder))


def test_a_table_without_a_key_is_judged_like_any_other(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (tmp_path / "x.csv").write_text("番号,氏名\n1,a\n1,\n", encoding="utf-8")
    ran = run("check", tmp_path / "x.csv", "--pack", folder, "--format", "json")
    assert ran.status == 1
    found = [(one["code"], place["row"]) for one in json.loads(ran.out)["results"] for place in one["findings"]]
    assert found == [("ITEM-0002", 3)]


def test_a_copy_of_a_shipped_pack_can_be_named_by_its_folder(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "copy")
    assert sound(str(tmp_path / "copy")).folder == tmp_path / "copy"
