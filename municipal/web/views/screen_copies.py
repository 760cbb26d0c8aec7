"""Printing a page on a person so that it is known who printed it (画面の写し; resident-record/1.0#10.7)."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.certificates.contents import Block, Item
from municipal.certificates.operations import copy_screen
from municipal.core.clauses import implements
from municipal.identity.access import StaffRequest, needs

from . import people
from .certificates import as_pdf


@needs("residents.print")
@require_POST
@implements("resident-record/1.0#10.7/m5")
@prints_addresses("certificates.print_screen", Purpose.SCREEN)
def print_screen(request: HttpRequest, number: str) -> HttpResponse:
    """What the page on a person shows to whoever asks, as a PDF; the browser's own print stays blank (画面の写し)."""
    asked, person = cast(StaffRequest, request), people.found(request, number)
    withheld = person.withheld(person.record)
    groups = people.groups(person.record, permissions=asked.permissions, withheld=withheld)
    blocks = [
        Block(
            group["title"], tuple(Item("item", one["label"], one["hidden"] or one["value"]) for one in group["items"])
        )
        for group in groups
    ]
    pdf = copy_screen(
        actor=asked.staff, title=f"住民の記録　{person.record.name}　{person.addressee.number}", groups=blocks,
        subjects=[person.addressee.pk], fields=people.DISCLOSED,
    )  # fmt: skip
    return as_pdf(pdf, f"screen-{person.addressee.number}.pdf")
