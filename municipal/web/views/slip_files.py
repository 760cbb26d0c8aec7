"""Slips as files to be printed (納付書の取出し)."""

from collections.abc import Sequence
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.identity.access import StaffRequest, needs
from municipal.payments.models import Slip, SlipRun
from municipal.payments.printing import COUNTER, MAIL, in_groups, place_of, print_one

from .downloads import download

PDF = "application/pdf"
SHOWN = ["name", "address"]
ISSUE = "payments.slips"


@prints_addresses("slips.run_file", Purpose.MAIL)
@needs(ISSUE)
@require_safe
def of_run(request: HttpRequest, run: int, part: str) -> HttpResponseBase:
    """The file that a run printed: for the post, or for the counter (一括発行のPDF)."""
    found = get_object_or_404(SlipRun, pk=run)
    if part not in (MAIL, COUNTER) or not place_of(found, part).is_file():
        raise Http404
    payers = found.lines.values_list("slip__charge__assessment__payer", flat=True).distinct()
    disclose(actor=cast(StaffRequest, request).staff, subjects=list(payers), fields=SHOWN)
    # Sent from the disk piece by piece: the file of a town has hundreds of megabytes.
    return FileResponse(place_of(found, part).open("rb"), content_type=PDF, filename=place_of(found, part).name,
                        as_attachment=True)  # fmt: skip


@prints_addresses("slips.payer_file", Purpose.MAIL)
@needs(ISSUE)
@require_safe
def of_payer(request: HttpRequest, run: int, payer: str) -> HttpResponse:
    """One person's slips of a run, all instalments (1人分のPDF)."""
    found = get_object_or_404(SlipRun, pk=run)
    slips = [slip for group in in_groups(found, payer=payer) for slip in group]
    return _file(request, slips, f"slips-{found.pk:06d}-{payer}.pdf")


@prints_addresses("slips.slip_file", Purpose.MAIL)
@needs(ISSUE)
@require_safe
def of_slip(request: HttpRequest, number: str) -> HttpResponse:
    """One slip, to be handed over or sent (納付書1枚のPDF)."""
    found = get_object_or_404(Slip.objects.select_related("charge__assessment__payer"), number=number)
    return _file(request, [found], f"slip-{number}.pdf")


def _file(request: HttpRequest, slips: Sequence[Slip], name: str) -> HttpResponse:
    if not slips:
        raise Http404
    payers = {slip.charge.assessment.payer_id for slip in slips}
    disclose(actor=cast(StaffRequest, request).staff, subjects=sorted(payers), fields=SHOWN)
    return download(print_one(slips), name, PDF)
