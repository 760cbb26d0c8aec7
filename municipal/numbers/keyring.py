"""The keys that individual numbers are sealed with, kept outside the database (個人番号の鍵束).

A file of the installation holds one master key a line; from each, and for each town, two keys are derived: one that
seals, one that finds. Who has the database alone can neither read a number nor try out all of them.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from municipal.core.refusals import Refused

LENGTH = 32
KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,19}", re.ASCII)
TRAINING = "training"
_CACHE: dict[tuple[str, int, int], "KeyRing"] = {}


@dataclass(frozen=True)
class Key:
    """One master key; its bytes stand in no repr, log or error (主鍵)."""

    id: str
    master: bytes = field(repr=False)

    def for_sealing(self, town: int) -> bytes:
        """The AES-256 key of one town."""
        return self._derived(f"kijun individual number seal {town:06d}")

    def for_finding(self, town: int) -> bytes:
        """The HMAC key of one town: the same number has another index in every town."""
        return self._derived(f"kijun individual number index {town:06d}")

    def _derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), LENGTH, salt=None, info=purpose.encode()).derive(self.master)


@dataclass(frozen=True)
class KeyRing:
    """Every key of the installation in the order of its making; the newest seals, the others still open (鍵束)."""

    keys: Mapping[str, Key]

    @property
    def newest(self) -> Key:
        return list(self.keys.values())[-1]

    def __getitem__(self, key_id: str) -> Key:
        found = self.keys.get(key_id)
        if found is None:
            raise Refused("この個人番号を開く鍵がありません。システム管理者に連絡してください。", code="no_such_key")
        return found


def ring() -> KeyRing:
    """The key ring of this installation (鍵束の読取り).

    Without a key file, an installation with the public demo secret uses a training key that everybody may know. Raises
    Refused where an installation of its own has no key file, or one that cannot be read.
    """
    named = settings.KIJUN_NUMBER_KEYS
    if not named:
        if settings.SECRET_KEY != settings.DEMO_SECRET:
            raise no_keys()
        return KeyRing({TRAINING: Key(TRAINING, b"public training key of Kijun....")})
    path = Path(named)
    try:
        at = path.stat()
        known = (named, at.st_mtime_ns, at.st_size)
        if known not in _CACHE:
            _CACHE.clear()
            _CACHE[known] = KeyRing({key.id: key for key in map(_read, _lines(path))})
        found = _CACHE[known]
    except (OSError, ValueError, binascii.Error):
        raise no_keys() from None
    if not found.keys:
        raise no_keys()
    return found


def no_keys() -> Refused:
    """What is said where no key can be had."""
    return Refused(
        "個人番号の鍵がないため、個人番号を扱えません。システム管理者に連絡してください。", code="no_number_keys"
    )


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="ascii").splitlines() if line.strip()]


def _read(line: str) -> Key:
    key_id, _, text = line.strip().partition(" ")
    master = base64.b64decode(text.strip(), validate=True)
    if not KEY_ID.fullmatch(key_id) or len(master) != LENGTH:
        raise ValueError("not a line of a key file")
    return Key(key_id, master)


def add_key(path: Path, key_id: str) -> None:
    """Put a fresh key at the end of the file, made with mode 0600 if need be; it seals from now on (鍵の追加).

    Written beside the file and moved into its place, so that no reader meets half of it. Raises Refused for an id that
    is none or taken.
    """
    lines = _lines(path) if path.exists() else []
    if not KEY_ID.fullmatch(key_id) or key_id in {_read(line).id for line in lines}:
        raise Refused("鍵の名前は、まだ使っていない20文字以内の英小文字・数字・ハイフンにしてください。", code="key_id")
    _write(path, [*lines, f"{key_id} {base64.b64encode(secrets.token_bytes(LENGTH)).decode()}"])


def remove_key(path: Path, key_id: str) -> None:
    """Take a key out of the file; the caller has made sure that nothing is sealed with it (鍵の廃棄)."""
    lines = _lines(path)
    left = [line for line in lines if _read(line).id != key_id]
    if not left or len(left) == len(lines):
        raise Refused("この鍵は外せません。鍵の名前を確かめてください。", code="key_id")
    _write(path, left)


def _write(path: Path, lines: list[str]) -> None:
    beside = path.with_name(f".{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
