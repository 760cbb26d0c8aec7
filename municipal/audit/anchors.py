"""Heads of the chains, written outside the database: whoever rewrites the database cannot rewrite these (アンカー).

One file per municipality, one JSON line per head, each signed together with the signature before it. A register
whose tail was cut, or whose chain was computed anew, no longer agrees with them.
"""

import fcntl
import hmac
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from municipal.core import clock
from municipal.municipalities import wall

from .models import Chain


class AnchorBroken(Exception):  # noqa: N818
    """A line of the anchor file is not what we wrote, or the chain is shorter than its anchor (アンカーの破損)."""


@dataclass(frozen=True)
class Anchor:
    """One head of a chain at a moment, signed (アンカー)."""

    municipality: int
    seq: int
    hash: str
    at: str
    signature: str

    @classmethod
    def read(cls, text: str, previous: str) -> "Anchor":
        """The anchor of one line that follows the signature ``previous``. Raises AnchorBroken if it is not ours."""
        try:
            found = cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise AnchorBroken("a line cannot be read") from error
        expected = signature(found.municipality, found.seq, found.hash, found.at, previous)
        if not hmac.compare_digest(str(found.signature), expected):
            raise AnchorBroken("a signature is wrong")
        return found


def signature(municipality: int, seq: int, hash: str, at: str, previous: str) -> str:
    """HMAC-SHA256 over an anchor and the signature before it, with a key of this purpose alone."""
    key = sha256(b"kijun audit anchor\0" + settings.ANCHOR_KEY.encode()).digest()
    said = json.dumps([municipality, seq, hash, at, previous])
    return hmac.new(key, said.encode(), sha256).hexdigest()


def anchor_file(municipality: int) -> Path:
    """Where the anchors of a municipality stand."""
    return Path(settings.AUDIT_ANCHORS) / f"{municipality:06d}.jsonl"


def anchors(municipality: int) -> list[Anchor]:
    """Every anchor, oldest first; none where nothing was anchored. Raises AnchorBroken at the first foreign line."""
    path = anchor_file(municipality)
    found: list[Anchor] = []
    if not path.exists():
        return found
    previous = ""
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            one = Anchor.read(text, previous)
            if one.municipality != municipality:
                raise AnchorBroken("it belongs to another municipality")
        except AnchorBroken as error:
            raise AnchorBroken(f"{path.name} line {number}: {error}") from error
        found.append(one)
        previous = one.signature
    return found


def anchor(municipality: int) -> Anchor | None:
    """Append the head of the open municipality's chain to its file, synced to disk; None if it is there already.

    Raises AnchorBroken where the file was changed by others or the chain has become shorter than its last anchor.
    """
    path = anchor_file(municipality)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        head = Chain.objects.filter(municipality=municipality).first()
        known = anchors(municipality)
        last = known[-1] if known else None
        if head is None or head.seq < (last.seq if last else 0):
            if last is None:
                return None
            raise AnchorBroken(f"{path.name}: the chain is shorter than its last anchor {last.seq}")
        if last and (last.seq, last.hash) == (head.seq, head.hash):
            return None
        made = _signed(head, last.signature if last else "")
        file.write(json.dumps(made.__dict__) + "\n")
        file.flush()
        os.fsync(file.fileno())
        return made


def _signed(head: Chain, previous: str) -> Anchor:
    at = clock.now().isoformat(timespec="seconds")
    town = wall.current()
    return Anchor(town, head.seq, head.hash, at, signature(town, head.seq, head.hash, at, previous))
