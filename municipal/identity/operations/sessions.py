"""Opening and finding sessions by their secret (セッションの開始と確認)."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from municipal.core import clock
from municipal.identity.models import Session, Staff
from municipal.identity.models.sessions import TOKEN, WEB
from municipal.identity.rules import IDLE_PRECISION
from municipal.municipalities import wall

KEY = re.compile(r"([0-9]{6})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True)
class Opened:
    """A session just opened, and its key, which exists nowhere else (開かれたセッション).

    ``key`` is ``<town code>.<256 random bits>``: the town comes first so that the wall stands before the
    account is read.
    """

    session: Session
    key: str


def town_of(key: str) -> int | None:
    """The municipality that a key names; None for what is no key."""
    found = KEY.fullmatch(key)
    return int(found[1]) if found else None


def _hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def begin(
    *, staff: Staff, kind: str = WEB, label: str = "", source: str | None = None, passed: bool = False,
    expires_at: datetime | None = None,
) -> Opened:  # fmt: skip
    """Open a session for an account that has proved itself to the caller."""
    now = clock.now()
    key = f"{wall.current():06d}.{secrets.token_urlsafe(32)}"
    session = Session.objects.create(
        staff=staff,
        kind=kind,
        label=label,
        secret_hash=_hash_of(key),
        started_at=now,
        last_seen_at=now,
        expires_at=expires_at or now + timedelta(hours=settings.KIJUN_SESSION_HOURS),
        source_address=source,
        second_factor_passed=passed,
    )
    return Opened(session, key)


def find(key: str, *, kind: str) -> Session | None:
    """The open session of this key in the town whose door is open, with its staff and municipality, else None."""
    if town_of(key) != wall.current():
        return None
    found = (
        Session.objects.select_related("staff", "municipality")
        .filter(secret_hash=_hash_of(key), kind=kind, ended_at=None)
        .first()
    )
    return found if found is not None and found.is_open(clock.now()) else None


def see(session: Session) -> None:
    """Note that the session is in use, at most once a minute."""
    now = clock.now()
    if now - session.last_seen_at >= IDLE_PRECISION:
        Session.objects.filter(pk=session.pk).update(last_seen_at=now)


def end(staff: Staff, *, besides: Session | None = None, tokens: bool = False) -> None:
    """End every session of this person but one; tokens only where ``tokens`` says so."""
    open_ones = Session.objects.filter(staff=staff, ended_at=None)
    if not tokens:
        open_ones = open_ones.exclude(kind=TOKEN)
    if besides is not None:
        open_ones = open_ones.exclude(pk=besides.pk)
    open_ones.update(ended_at=clock.now())


def end_one(session: Session) -> None:
    """End this session."""
    Session.objects.filter(pk=session.pk, ended_at=None).update(ended_at=clock.now())
