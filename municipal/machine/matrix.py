"""Runs the tests on the other supported PostgreSQL and Pythons, where this machine has them (組み合わせ試験)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from .places import CHECKOUT

POSTGRESQL_15 = Path("/usr/lib/postgresql/15/bin")
PYTHONS = ("3.12", "3.13")


def works(python: str, version: str) -> bool:
    """Whether ``python`` really is that version; a version manager's stand-in may be there without one."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False, timeout=30)
    except OSError:
        return False
    return said.stdout.strip() == version


def find_python(version: str) -> str | None:
    """A Python of ``version``: on PATH, or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))]
    return next((str(found) for found in candidates if found and works(str(found), version)), None)


def run_tests(python: Path, environment: Mapping[str, str]) -> str:
    """Run them all; how it ended, in one word."""
    done = subprocess.run([str(python), "-m", "pytest"], cwd=CHECKOUT, env={**os.environ, **environment}, check=False)
    return "passed" if done.returncode == 0 else "FAILED"


def on_postgresql_15() -> str:
    if not (POSTGRESQL_15 / "initdb").exists():
        return "not present"
    return run_tests(Path(sys.executable), {"KIJUN_POSTGRESQL_BIN": str(POSTGRESQL_15)})


def on_python(version: str) -> str:
    """Run the tests in an environment of their own, ``.venv-3.12`` and so on."""
    python = find_python(version)
    if python is None:
        return "not present"
    name = f".venv-{version}"
    made = subprocess.run([python, "-m", "municipal.machine.environment", name, "dev"], cwd=CHECKOUT, check=False)
    if made.returncode != 0:
        return "FAILED to install"
    return run_tests(CHECKOUT / name / "bin" / "python", {})


def cells() -> Iterator[tuple[str, str]]:
    """Each combination and how it ended."""
    yield "PostgreSQL 15", on_postgresql_15()
    for version in PYTHONS:
        yield f"Python {version}", on_python(version)


def main() -> int:
    """Run all, then one line for each. Returns 1 if any failed."""
    lines = list(cells())
    for name, result in lines:
        print(f"{name}: {result}")
    return int(any(result.startswith("FAILED") for _, result in lines))


if __name__ == "__main__":
    sys.exit(main())
