"""Running PostgreSQL as root, which PostgreSQL refuses (管理者権限での起動).

First choice: a user namespace in which our root is called ``nobody``; files stay ours, no account is made and no
mode is changed. Where the kernel or a container forbids that: a copy of the program that really runs as nobody.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534
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


def namespaces_work() -> bool:
    """Whether this machine lets us open a user namespace."""
    try:
        done = subprocess.run(["/bin/true"], preexec_fn=enter_user_namespace, check=False, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def copy_for_everybody(package: Path, target: Path) -> Path:
    """Copy the wheel's program and its libraries to ``target`` (about 45 MB); returns the copy of ``package``."""
    copied = target / package.name
    if not copied.exists():
        target.mkdir(parents=True, exist_ok=True, mode=0o755)
        shutil.copytree(package, copied, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return copied


def lowering() -> Callable[[], None] | None:
    """What a child must do before it runs PostgreSQL: nothing for an ordinary user."""
    if os.getuid() != 0:
        return None
    return enter_user_namespace if namespaces_work() else become_nobody
