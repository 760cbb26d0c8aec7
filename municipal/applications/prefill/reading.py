"""Reading everything that an entry says is held; a register that does not answer holds nothing up (引用の読取り)."""

import json
import logging
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.utils.crypto import salted_hmac

from municipal.addressees.models import Addressee
from municipal.municipalities import wall
from municipal.procedures.catalogue import Entry, Held
from municipal.residents.secrecy import secrets

from .items import HELD, LINKAGE, NO_BASIS, UNAVAILABLE, WITHHELD, Filled, Line, Reader, Value
from .paths import ELSEWHERE, NAMED, SOURCES
from .subjects import Subject

RECEIVING = "account.receiving"
PATIENCE = "2s"
"""How long a page waits for a register that somebody else holds locked."""
log = logging.getLogger(__name__)


@dataclass
class Reading:
    """What was read: the items, and for the audit whose data and which paths (引用の結果)."""

    items: Filled
    people: set[int] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


def filled(entry: Entry, about: Addressee | None, reader: Reader = Reader.OWN) -> Filled:
    """What the municipality has of ``about`` for an application for ``entry``, by name of the item (引用).

    Shapes: see ``items.Filled``. Without anybody identified only what has no legal basis is named, since that is asked
    of everybody. ``reader``: who is to see it; whether a delegation covers the procedure the caller has checked.
    Whoever shows it records the disclosure: ``operations.prefill`` does both. Raises nothing for a register that is
    down: its items are ``unavailable``. Source: Digital Procedures Act, articles 2 and 11 (unverified).
    """
    return read(entry, about, reader).items


def read(entry: Entry, about: Addressee | None, reader: Reader = Reader.OWN) -> Reading:
    """The same, with whose data were read (引用と対象者)."""
    found, asking = Reading({}), _Asking(about, reader)
    for held in entry.holds:
        if about is None and held.basis.law:
            continue
        # Nothing is drawn from the account that somebody registered for benefits, so nobody looks it up either.
        if held.path == RECEIVING and not any(field.is_for_benefits for field in entry.asks):
            continue
        item = found.items[held.name] = asking.answer(held)
        if item["people"]:
            found.people |= set(item["people"])
            found.paths.add(held.path)
    return found


def has_any(entry: Entry, about: Addressee | None) -> bool:
    """Whether there is anything to show or to ask for (引用の有無)."""
    return any(about is not None or not held.basis.law for held in entry.holds)


def is_hidden(about: int | None) -> bool:
    """Whether what was read of somebody earlier must not be shown whole any more; so too if nobody knows (秘匿)."""
    if about is None:
        return False
    try:
        with _patiently():
            return about in secrets().people
    except DatabaseError:
        return True


def digest_of(compared: Any) -> str:
    """What two readings are compared by: it tells nothing of the value (照合値)."""
    said = json.dumps(compared, ensure_ascii=False, sort_keys=True)
    return salted_hmac("kijun filled", said, algorithm="sha256").hexdigest()


class _Asking:
    """One reading: what is down is asked once, and so is who the person is."""

    def __init__(self, about: Addressee | None, reader: Reader) -> None:
        self.subject = None if about is None else Subject(about)
        self.reader = reader
        self.down: set[str] = set()

    def answer(self, held: Held) -> dict[str, Any]:
        key = f"{held.source}:{held.path}"
        if not held.basis.law or self.subject is None:
            return _item(held, NO_BASIS, "")
        if key in NAMED:
            return _item(held, WITHHELD, self._as_of())
        if key not in SOURCES:
            return self._not_here(held, key)
        return self._read(held, key, self.subject)

    def _as_of(self) -> str:
        return self.subject.today.isoformat() if self.subject else ""

    def _not_here(self, held: Held, key: str) -> dict[str, Any]:
        if held.source == "linkage" and key not in ELSEWHERE:
            return _item(held, LINKAGE, self._as_of())
        return _item(held, UNAVAILABLE, self._as_of(), why="not_kept")

    def _read(self, held: Held, key: str, subject: Subject) -> dict[str, Any]:
        if held.source in self.down:
            return _item(held, UNAVAILABLE, self._as_of(), why="down")
        try:
            with _patiently():
                is_closed, value = subject.is_closed, SOURCES[key](subject)
        except Exception:  # whatever a register answers with, the applicant goes on
            log.exception("a register did not answer: %s", key)
            self.down.add(held.source)
            return _item(held, UNAVAILABLE, self._as_of(), why="down")
        if value is None and held.source == "linkage":
            return _item(held, LINKAGE, self._as_of())
        if value is None and not is_closed:
            return _item(held, HELD, self._as_of(), digest=digest_of(None))
        return self._shown(held, value, is_closed)

    def _shown(self, held: Held, value: Value | None, is_closed: bool) -> dict[str, Any]:
        if value is None:
            return _item(held, WITHHELD, self._as_of(), digest=digest_of(None))
        lines = [one for one in value.lines if self.reader != Reader.DELEGATE or not one.is_home]
        is_hidden = is_closed or value.is_withheld or (value.is_for_staff and self.reader != Reader.STAFF)
        said = {"as_of": self._as_of(), "digest": digest_of(value.compared)}
        if is_hidden or not lines:
            return _item(held, WITHHELD, **said)
        # A delegate's draft holds no more than the delegate is shown, of a protected person as of any other.
        is_whole = self.reader != Reader.DELEGATE or not value.tells_home
        return _item(
            held, HELD, **said, lines=lines, data=value.data if is_whole else None,
            is_partial=value.is_partial or not is_whole, people=value.people,
        )  # fmt: skip


def _item(held: Held, status: str, as_of: str, **more: Any) -> dict[str, Any]:
    lines: list[Line] = more.get("lines", [])
    return {
        "status": status, "value": more.get("data"), "lines": [one.text for one in lines],
        "home": [at for at, one in enumerate(lines) if one.is_home], "is_partial": more.get("is_partial", False),
        "source": held.source, "path": held.path, "as_of": as_of,
        "basis": {"law": held.basis.law, "article": held.basis.article, "status": held.basis.status},
        "digest": more.get("digest", ""), "is_notice": held.is_notice_item, "is_confirmed": None,
        "why": more.get("why", ""), "typed": "", "people": list(more.get("people", ())),
    }  # fmt: skip


class _patiently:  # noqa: N801  (read as a word: with _patiently())
    """A savepoint in which nothing waits long: what fails inside of it leaves the page's transaction whole."""

    def __enter__(self) -> None:
        self.using = wall.opening().using
        self.savepoint = transaction.atomic(using=self.using)
        self.savepoint.__enter__()
        with connections[self.using].cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            (self.former,) = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            with connections[self.using].cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [self.former])
        self.savepoint.__exit__(kind, error, trace)
