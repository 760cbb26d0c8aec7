"""Installing once, and again when the pins change (実行環境の試験)."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from municipal.machine import catalogues, environment, matrix
from municipal.machine.places import CHECKOUT


class Commands:
    """Stands where subprocess.run does; making an environment only makes its folder."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.fails = False

    def __call__(self, command: list[str], **options: Any) -> None:
        self.called.append("venv" if "venv" in command else command[-1].rsplit("/", 1)[-1])
        if "venv" in command:
            (Path(command[-1]) / "bin").mkdir(parents=True)
            (Path(command[-1]) / "bin/python").touch()
        elif self.fails:
            raise subprocess.CalledProcessError(7, command)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("demo", "dev"):
        (tmp_path / f"requirements/{name}.txt").write_text(f"{name}==1\n")
    return tmp_path


@pytest.fixture
def commands(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    found = Commands()
    monkeypatch.setattr(environment.subprocess, "run", found)  # type: ignore[attr-defined]
    return found


def test_it_installs_once(commands: Commands) -> None:
    for _ in range(2):
        assert environment.main(".venv", "demo") == 0
    assert commands.called == ["venv", "demo.txt"]


def test_changing_between_run_and_test_installs_nothing_twice(commands: Commands) -> None:
    for wanted in ("demo", "dev", "demo", "dev", "demo"):
        environment.main(".venv", wanted)
    assert commands.called == ["venv", "demo.txt", "dev.txt"]


def test_changed_pins_are_installed_again_into_the_same_environment(commands: Commands, checkout: Path) -> None:
    environment.main(".venv", "dev")
    (checkout / "requirements/dev.txt").write_text("dev==2\n")
    environment.main(".venv", "dev")
    assert commands.called == ["venv", "dev.txt", "dev.txt"]


def test_a_moved_checkout_gets_a_new_environment(commands: Commands, checkout: Path) -> None:
    environment.main(".venv", "demo")
    (checkout / ".venv").rename(checkout / ".venv-3.12")
    assert not environment.is_current(checkout / ".venv-3.12", "demo")


def test_a_failed_installation_is_tried_again(commands: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    commands.fails = True
    assert environment.main(".venv", "demo") == 7
    assert "could not be installed" in capsys.readouterr().err
    commands.fails = False
    assert environment.main(".venv", "demo") == 0


def pins(name: str) -> set[str]:
    lines = (CHECKOUT / f"requirements/{name}.txt").read_text().splitlines()
    return {line.removesuffix(" \\") for line in lines if line and not line.startswith((" ", "#"))}


def test_what_the_tests_need_contains_what_the_town_needs() -> None:
    assert pins("server") < pins("demo") < pins("dev")
    assert all("==" in pin for pin in pins("dev"))


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "municipal/locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "a"\nmsgstr "b"\n'
    )
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]
    assert catalogues.compile_all(tmp_path) == []
    os.utime(folder / "django.po", (2**31, 2**31))
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]


def test_without_catalogues_there_is_nothing_to_compile(tmp_path: Path) -> None:
    assert catalogues.compile_all(tmp_path) == []


def test_a_version_manager_s_stand_in_is_no_python(tmp_path: Path) -> None:
    stand_in = tmp_path / "python3.99"
    stand_in.write_text("#!/bin/sh\nexit 127\n")
    stand_in.chmod(0o755)
    assert not matrix.works(str(stand_in), "3.99")
    assert matrix.works(sys.executable, f"{sys.version_info.major}.{sys.version_info.minor}")
    assert not matrix.works(sys.executable, "2.7")


def test_the_matrix_says_of_each_cell_whether_it_ran(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matrix, "find_python", lambda version: None)
    monkeypatch.setattr(matrix, "on_postgresql_15", lambda: "passed")
    assert matrix.main() == 0
    assert capsys.readouterr().out == "PostgreSQL 15: passed\nPython 3.12: not present\nPython 3.13: not present\n"
    monkeypatch.setattr(matrix, "on_postgresql_15", lambda: "FAILED")
    assert matrix.main() == 1
