"""The checker runs where no server is installed, and its data travel with it (サーバなしの動作と同梱データ)."""

import json
import sys
import tomllib
from glob import glob
from pathlib import Path

import pytest

from fixtures import handover
from municipal.conformance.packs import shipped
from municipal.conformance.tests.commands_run import ROOT, run
from municipal.conformance.tests.slip_samples import EL_QR

GOOD = Path(handover.__file__).parent / "good"
BARE = """
import sys
ABSENT = {
    "django", "rest_framework", "celery", "kombu", "redis", "psycopg", "granian", "whitenoise", "fixtures", "pytest",
}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from municipal.conformance.commands import main
status = main(sys.argv[1:])
assert not ABSENT & set(sys.modules)
sys.exit(status)
"""
COMMAND = (sys.executable, "-c", BARE)
CODE = {".py", ".pyc", ".pyi"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", str(GOOD), "--today", "2026-11-23"), 0),
        (("qr", EL_QR, "--today", "2026-10-01"), 0),
        (("packs",), 0),
        (("attest", "resident-record", "--format", "html"), 0),
        (("lint-spec", "tabular-file"), 0),
    ],
)
def test_a_command_runs_without_any_server(arguments: tuple[str, ...], status: int) -> None:
    ran = run(*arguments, command=COMMAND)
    assert (ran.status, ran.said.count("Traceback")) == (status, 0)
    assert ran.out


def test_the_report_is_the_same_without_a_server() -> None:
    arguments = ("check", str(GOOD), "--today", "2026-11-23", "--format", "json")
    assert json.loads(run(*arguments, command=COMMAND).out) == json.loads(run(*arguments).out)


def data_files(folder: Path) -> set[Path]:
    """What is no code below a folder, without what tests bring along."""
    every = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in CODE)
    return {path for path in every if not {"tests", "__pycache__"} & set(path.relative_to(ROOT).parts)}


def packaged() -> dict[str, list[str]]:
    """The patterns of the package data by package, from the project file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(project["tool"]["setuptools"]["package-data"])


def matched(package: str, patterns: list[str]) -> set[Path]:
    folder = ROOT.joinpath(*package.split("."))
    return {Path(found) for pattern in patterns for found in glob(str(folder / pattern), recursive=True)}


def test_every_data_file_of_the_checker_is_in_the_wheel() -> None:
    covered = {path for package, patterns in packaged().items() for path in matched(package, patterns)}
    wanted = {
        path for name in ("standards", "municipal/conformance", "municipal/core") for path in data_files(ROOT / name)
    }
    assert len(wanted) > 100
    assert sorted(str(path.relative_to(ROOT)) for path in wanted - covered) == []


def test_every_shipped_pack_is_below_the_folder_that_is_packaged() -> None:
    assert {pack.folder.parents[1] for pack in shipped().values()} == {ROOT / "standards"}
    assert "standards" in packaged()
