"""Doing once what is asked twice (冪等性).

One transaction does the work and keeps its answer, so after a crash there is either both or neither, and nothing
half-done to take over. While it runs, a lock of that transaction says so to whoever asks again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connections
from django.utils.crypto import salted_hmac

from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .models import KeptAnswer

KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Answer:
    """What is answered to a request: a status as in HTTP and a body for JSON (応答)."""

    status: int
    body: Any


def once(*, actor: Actor, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
    """Carry out ``act`` for this ``key`` of this actor, or return what was answered before (一度だけの実行).

    Called inside the wall, around everything the request changes. ``body``: all that makes the request what it is
    (method, path and content). An act that raises keeps nothing and may be asked again. Raises Refused with code
    "idempotency_key", "idempotency_mismatch" (same key, other body) or "still_running".
    """
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Refused("冪等キーは、255文字以内の英数字と記号で指定してください。", code="idempotency_key")
    using, digest = wall.opening().using, _digest(body)
    if not _locked(actor, key, using):
        raise Refused("同じ要求を処理しています。しばらくしてからもう一度お試しください。", code="still_running")
    mine = {"actor_kind": actor.actor_kind, "actor_id": actor.actor_id, "key": key}
    kept = KeptAnswer.objects.using(using).filter(**mine).first()
    if kept is None:
        made = act()
        KeptAnswer.objects.using(using).create(
            **mine, body_digest=digest, status=made.status, answer=made.body, created_at=clock.now()
        )
        return made
    if kept.body_digest != digest:
        raise Refused(
            "この冪等キーは別の内容の要求で使われています。新しいキーで送信してください。", code="idempotency_mismatch"
        )
    return Answer(kept.status, kept.answer)


def _digest(body: bytes) -> str:
    """Keyed: a plain hash of a form that held a number of few digits would give the number away."""
    return salted_hmac("kijun kept answer", body, algorithm="sha256").hexdigest()


def _locked(actor: Actor, key: str, using: str) -> bool:
    said = f"{wall.current()}\0{actor.actor_kind}\0{actor.actor_id}\0{key}".encode()
    number = int.from_bytes(sha256(said).digest()[:8], signed=True)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def forget_old() -> int:
    """Remove the open municipality's answers older than 400 days; how many these were (控えの廃棄)."""
    old = KeptAnswer.objects.using(wall.opening().using).filter(created_at__lt=clock.now() - KEPT_FOR)
    return old.delete()[0]
