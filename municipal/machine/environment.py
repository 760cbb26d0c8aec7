"""Makes .venv and installs what a requirements file pins, when that file changed (実行環境).

Runs with the system's Python and the standard library alone: ``python3 -m municipal.machine.environment .venv demo``.
A stamp in the folder holds a digest of the file, so that a second run takes no time. ``dev`` contains ``demo``.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from .places import CHECKOUT

CONTAINS = {"bench": ("demo", "dev", "bench"), "dev": ("demo", "dev"), "demo": ("demo",)}


def digest(folder: Path, wanted: str) -> str:
    """Changes with the pins, with the interpreter and when the checkout is moved."""
    pins = (CHECKOUT / "requirements" / f"{wanted}.txt").read_bytes()
    return hashlib.sha256(pins + sys.version.encode() + os.fsencode(folder)).hexdigest()


def stamp(folder: Path, wanted: str) -> Path:
    return folder / f"kijun-{wanted}.stamp"


def is_current(folder: Path, wanted: str) -> bool:
    """Whether ``folder`` holds what the requirements file pins now."""
    found = stamp(folder, wanted)
    return found.exists() and found.read_text() == digest(folder, wanted)


def install(folder: Path, wanted: str) -> None:
    """Make the environment if it is not one of this place, then install. Raises CalledProcessError."""
    base = hashlib.sha256(sys.version.encode() + os.fsencode(folder)).hexdigest()
    python, made = folder / "bin" / "python", folder / "kijun-base.stamp"
    if not python.exists() or not made.exists() or made.read_text() != base:
        subprocess.run([os.path.realpath(sys.executable), "-m", "venv", "--clear", str(folder)], check=True)
        made.write_text(base)
    for known in CONTAINS:
        stamp(folder, known).unlink(missing_ok=True)
    subprocess.run(
        [
            str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
            "--progress-bar", "off", "--require-hashes", "-r", str(CHECKOUT / "requirements" / f"{wanted}.txt"),
        ],
        check=True,
    )  # fmt: skip
    for contained in CONTAINS[wanted]:
        stamp(folder, contained).write_text(digest(folder, contained))


def main(name: str, wanted: str) -> int:
    """Bring the environment ``name`` up to date; two at once wait for each other. Returns the exit status."""
    folder = CHECKOUT / name
    (CHECKOUT / ".data").mkdir(exist_ok=True)
    with (CHECKOUT / ".data" / f"environment{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(folder, wanted):
            return 0
        began = time.monotonic()
        print(f"Installing requirements/{wanted}.txt into {name} (once, a minute or so) ...", flush=True)
        try:
            install(folder, wanted)
        except subprocess.CalledProcessError as error:
            print(f"{name} could not be installed; what stopped it stands above.", file=sys.stderr)
            return error.returncode
        print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
