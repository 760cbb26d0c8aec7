"""What a town offers: the catalogue of the program, in the wording of the town's own versions (手続の一覧)."""

import json
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.db.models import Count, Max

from municipal.municipalities import wall

from .catalogue import Content, Entry, by_id, entry_of, shipped
from .models import ProcedureVersion
from .search import Index


def digest_of(text: str) -> str:
    """A fingerprint of a wording (照合値)."""
    return sha256(text.encode()).hexdigest()


def published() -> dict[str, Content]:
    """The newest published content of every procedure of which the open town has versions (公開中の版)."""
    rows = ProcedureVersion.objects.filter(state=ProcedureVersion.State.PUBLISHED).order_by("number")
    return {code: json.loads(text) for code, text in rows.values_list("procedure__code", "text")}


def offered() -> Index:
    """The open town's entries, ready to be asked; kept in memory until something is published (公開中の手続)."""
    stamp = ProcedureVersion.objects.filter(state=ProcedureVersion.State.PUBLISHED).aggregate(
        at=Max("published_at"), count=Count("id")
    )
    return _kept(wall.current(), (stamp["at"], stamp["count"]))


@lru_cache(maxsize=32)
def _kept(_town: int, _stamp: tuple[datetime | None, int]) -> Index:
    return Index(entries())


def entries() -> tuple[Entry, ...]:
    """The open town's entries in order of id (手続の読出し)."""
    mine = {code: entry_of(content) for code, content in published().items()}
    return tuple(sorted((by_id(shipped()) | mine).values(), key=lambda entry: entry.id))


def current(code: str) -> Content | None:
    """The content that residents read now; None for an id that nobody has used (公開中の内容)."""
    return published().get(code) or next((entry.content for entry in shipped() if entry.id == code), None)
