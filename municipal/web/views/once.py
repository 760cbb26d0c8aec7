"""A button that acts once however often it is pressed (画面の二重送信の防止)."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest

from municipal.identity.access import StaffRequest
from municipal.office.answers import Answer, once

Tried = TypeVar("Tried")
NOT_OF_THE_ACT = frozenset({"csrfmiddlewaretoken", "key"})


def new_key(request: HttpRequest) -> str:
    """The key that a form sends along: that of the form being shown again, or a new one (送信の番号)."""
    typed = request.POST.get("key", "")
    # A refused act kept no answer, so its key may be used again; a carried-out one is answered before this is asked.
    return typed if typed and typed.isascii() and typed.isprintable() and len(typed) <= 64 else uuid4().hex


def pressed_once(request: StaffRequest, act: Callable[[], Any]) -> Any:
    """What ``act`` returned (a number, a text, a truth value), the first time this form was sent (一度だけの実行).

    Raises Refused as ``office.answers.once`` and ``act`` do.
    """
    said = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_OF_THE_ACT)
    body = f"{request.path}?{urlencode(said, doseq=True)}".encode()

    def answered() -> Answer:
        return Answer(200, {"made": act()})

    return once(actor=request.staff, key=request.POST.get("key", ""), body=body, act=answered).body["made"]


def tried(act: Callable[[], Tried]) -> Tried:
    """What ``act`` returns, with everything it changed taken back: how a change would come out (試し).

    Raises Refused as ``act`` does; what it recorded in the audit is taken back too.
    """
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found
