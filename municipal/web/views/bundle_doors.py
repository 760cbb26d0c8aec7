"""Who is at the pages of a bundle, and what stands around its questions (手続一式の枠)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from municipal.applications.bundling.holding import united
from municipal.applications.bundling.parts import PAGE_TITLES as BUNDLE_PAGES
from municipal.applications.bundling.parts import PEOPLE, SHARED, Slot
from municipal.applications.bundling.reading import Reading, read
from municipal.applications.models import Bundle
from municipal.applications.operations.bundles import bundle_of
from municipal.applications.rules.answers import is_asked
from municipal.applications.rules.applicant import (
    CHECK,
    HELD,
    PAGE_TITLES,
    PAPERS,
    YOU,
    asked_of_applicant,
)
from municipal.municipalities.models import Municipality
from municipal.procedures.catalogue import Field

from .applicant_doors import FOR_ONE, account_of, visitor
from .apply import framed
from .events import COOKIE

PLAN = "plan"


def opened(request: HttpRequest, public: UUID) -> Bundle:
    """The bundle of this browser or of who is signed in. Raises Refused for anybody else's (手続一式の確認)."""
    found = bundle_of(public, request.COOKIES.get(COOKIE, ""), account_of(request))
    session = visitor(request)
    if session is not None and found.account_id == session.applicant_id:
        is_own = found.about is None or found.account is None or found.about_id == found.account.person_id
        principal = "" if is_own or found.about is None else found.about.name
        setattr(request, FOR_ONE, {"name": session.name, "principal": principal})
    return found


def to(name: str, language: str, place: Municipality, public: UUID, *args: str, **query: str) -> HttpResponse:
    """On to another page of a bundle, in the same language (次の画面)."""
    address = reverse(f"bundles:{name}", args=[place.code, public, *args])
    return redirect(f"{address}?{urlencode({'lang': language, **query})}")


def of_applicant(reading: Reading) -> tuple[Field, ...]:
    """What is asked of who applies: what the strictest procedure asks (申請者に聞く項目)."""
    account = reading.bundle.account
    is_known = account is not None and account.is_resident
    strictest = max(reading.parts, key=lambda part: len(asked_of_applicant(part.entry, is_known=is_known)))
    return asked_of_applicant(strictest.entry, is_known=is_known)


def asked_slots(reading: Reading, page: str) -> list[Slot]:
    """The questions of one page after the answers so far (頁の質問)."""
    return [slot for slot in reading.slots if slot.page == page and is_asked(slot.field, reading.fields)]


def order_of(reading: Reading) -> list[str]:
    """The pages of a bundle, in order (頁の順)."""
    used = {slot.page for slot in reading.slots if is_asked(slot.field, reading.fields)}
    procedures = dict.fromkeys(part.entry.id for part in reading.parts if part.entry.id in used)
    return [
        YOU, *([PEOPLE] if reading.names_people else []), *([SHARED] if SHARED in used else []), *procedures,
        *([PAPERS] if reading.papers else []), *([HELD] if united(reading)[0] else []), CHECK,
    ]  # fmt: skip


def page_of(reading: Reading, key: str) -> str:
    """The page on which a question stands, a question of the applicant or an item that is held included (質問の頁)."""
    if key in {field.name for field in of_applicant(reading)}:
        return YOU
    return next((slot.page for slot in reading.slots if slot.key == key), HELD if united(reading)[0] else YOU)


def around(request: HttpRequest, place: Municipality, reading: Reading, page: str) -> dict[str, Any]:
    """The frame, the steps, where we are, the page before (頁の枠)."""
    context = framed(request, place, reading.bundle.language, bundle=reading.bundle)
    language, order = context["language"], order_of(reading)
    titles = {name: text.said(language) for name, text in (PAGE_TITLES | BUNDLE_PAGES).items()}
    titles |= {part.entry.id: part.entry.title.said(language) for part in reading.parts}
    steps = [
        {"page": one, "number": at, "title": titles[one], "is_here": one == page} for at, one in enumerate(order, 1)
    ]
    return context | {
        "steps": steps, "here": next((one for one in steps if one["is_here"]), None), "count": len(steps),
        "title": reading.event.title.said(language),
        "before": order[order.index(page) - 1] if page in order and order.index(page) else "",
    }  # fmt: skip


def onwards(reading: Reading, page: str, place: Municipality, language: str) -> HttpResponse:
    """To the page after this one; to the first where this one is there no more (次の頁へ)."""
    order = order_of(reading)
    following = order[order.index(page) + 1] if page in order else order[0]
    public = reading.bundle.public
    return (
        to("check", language, place, public) if following == CHECK else to("page", language, place, public, following)
    )


def fresh(bundle: Bundle) -> Reading:
    """The bundle as it is kept now (再読込み)."""
    return read(bundle)
