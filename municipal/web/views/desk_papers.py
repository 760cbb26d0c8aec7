"""The paper of a reception, and blank forms for the day on which nothing works (窓口の帳票)."""

from io import BytesIO
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from municipal.applications.counter.paper import write_blank, write_everything
from municipal.applications.counter.sources import members
from municipal.applications.operations.at_the_counter import reception_of
from municipal.audit.operations import record
from municipal.core import clock
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.catalogue import entry_of
from municipal.procedures.offered import current, entries

from .desk import read
from .desk_plan import offered_to
from .downloads import download


@needs("applications.counter")
@require_safe
def forms(request: HttpRequest, reception: UUID) -> HttpResponse:
    """One file: every form with the same values, and the guide to what belongs to them (届書と案内票)."""
    asked, found, file = cast(StaffRequest, request), reception_of(reception), BytesIO()
    people = members(found.who, clock.today())
    read(asked, people)
    record(actor=asked.staff, act="applications.print", fields=["name"], code=str(found.public)[:40])
    write_everything(file, found, [one for one in offered_to(found, people).rows if one.item])
    return download(file.getvalue(), f"counter-{str(found.public)[:8]}.pdf", "application/pdf")


@needs("applications.counter")
@require_safe
def blank(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of one procedure with room to write, for paper (白紙の申請書)."""
    content, file = current(code), BytesIO()
    if content is None or not any(entry.id == code and entry.asks for entry in entries()):
        raise Http404
    write_blank(file, entry_of(content))
    return download(file.getvalue(), f"blank-{code}.pdf", "application/pdf")
