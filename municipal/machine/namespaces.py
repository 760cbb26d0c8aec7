"""Running PostgreSQL as root, which PostgreSQL refuses (管理者権限での起動).

First choice: a user namespace in which our root is called ``nobody``; files stay ours, no account is made and no
mode is changed. Where the kernel or a container forbids that: a copy of the program that really runs as nobody.
"""

import ctypes
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .places import NOBODY, NoSafePlace

CLONE_NEWUSER = 0x10000000


def enter_user_namespace() -> None:
    """Become ``nobody`` by name only, in a namespace of our own. Raises OSError where this is forbidden."""
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def become_nobody() -> None:
    """Give up root for good; used with a copy of the program that everybody may read."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.umask(0o077)


@functools.cache
def namespaces_work() -> bool:
    """Whether this machine lets us open a user namespace."""
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-c", ""], preexec_fn=enter_user_namespace, check=False, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def folder_for_everybody(folder: Path) -> Path:
    """``folder``, readable by all and written by root alone. Raises NoSafePlace if somebody else made it."""
    folder.mkdir(exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise NoSafePlace(f"{folder} is not a folder of ours; remove it and try again.")
    folder.chmod(0o755)
    return folder


def copy_for_everybody(package: Path, base: Path) -> Path:
    """Copy the wheel's program and its libraries into ``base`` (about 45 MB), once per version of the program.

    Returns the copy of ``package``.
    """
    wheel = next(iter(sorted(package.parent.glob(f"{package.name}-*.dist-info"))), package)
    target = base / wheel.name
    if not target.exists():
        draft = base / f"{wheel.name}.{os.getpid()}"
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
        draft.rename(target)
    return target / package.name


def lowering() -> Callable[[], None] | None:
    """What a child must do before it runs PostgreSQL: nothing for an ordinary user."""
    if os.getuid() != 0:
        return None
    return enter_user_namespace if namespaces_work() else become_nobody
