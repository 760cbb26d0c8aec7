"""Receipts, certificates, statements and notices as PDF (公金の文書の画面)."""

import io
from collections.abc import Callable
from typing import IO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from municipal.addressees.models import Addressee
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.payments.models import Posting
from municipal.payments.paper.receipts import certificate, receipt
from municipal.payments.paper.refund_notices import refund_notice
from municipal.payments.paper.statements import statement
from municipal.payments.rules.instalments import fiscal_year

from .arrears import charge_found, day_of
from .downloads import download
from .payers import found as payer_found

VIEW, ACT = "payments.view", "payments.arrears"


def _paper(request: HttpRequest, payer: Addressee, name: str, write: Callable[[IO[bytes]], None]) -> HttpResponse:
    """The PDF, or the payer's page with the sentence that says why there is none."""
    asked, file = cast(StaffRequest, request), io.BytesIO()
    try:
        write(file)
    except Refused as refused:
        messages.error(request, sentence(refused))
        asked.refusals.append(refused)
        return redirect("arrears:payer", payer.number)
    disclose(actor=asked.staff, subjects=[payer.pk], fields=["name", "address"])
    return download(file.getvalue(), name, "application/pdf")


@needs(VIEW, ACT)
@require_safe
@prints_addresses("arrears.receipt", Purpose.MAIL)
def receipt_of(request: HttpRequest, charge: int) -> HttpResponse:
    """A receipt for what was paid of a charge (領収証書)."""
    found = charge_found(charge)
    return _paper(
        request, found.assessment.payer, f"receipt-{charge}.pdf", lambda file: receipt(file, charges=[found.pk])
    )


@needs(VIEW, ACT)
@require_safe
@prints_addresses("arrears.certificate", Purpose.MAIL)
def certificate_of(request: HttpRequest, number: str) -> HttpResponse:
    """A certificate of payment of one year, this one if none is said (納税・納付証明書)."""
    payer, year = payer_found(number), request.GET.get("year") or str(fiscal_year(clock.today()))
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        messages.error(request, gettext("年度を西暦4桁で入力してください。"))
        return redirect("arrears:payer", number)
    return _paper(
        request, payer, f"certificate-{number}-{year}.pdf",
        lambda file: certificate(file, payer=payer, year=int(year)),
    )  # fmt: skip


@needs(VIEW, ACT)
@require_safe
@prints_addresses("arrears.statement", Purpose.MAIL)
def statement_of(request: HttpRequest, number: str) -> HttpResponse:
    """Everything a payer was charged, paid and owes, as of a day (納付状況明細)."""
    payer, on = payer_found(number), day_of(request.GET.get("on", ""))
    return _paper(request, payer, f"statement-{number}.pdf", lambda file: statement(file, payer=payer, on=on))


@needs(VIEW, "payments.refund")
@require_safe
@prints_addresses("arrears.notice", Purpose.MAIL)
def notice_of(request: HttpRequest, posting: int) -> HttpResponse:
    """The notice of a refund or an application (過誤納金還付（充当）通知書)."""
    owned = Posting.objects.filter(transfers__charge__isnull=False).distinct()
    found = get_object_or_404(owned, pk=posting)
    first = found.transfers.filter(charge__isnull=False).select_related("charge__assessment__payer").order_by("pk")[0]
    payer = first.charge.assessment.payer  # type: ignore[union-attr]
    return _paper(request, payer, f"notice-{posting}.pdf", lambda file: refund_notice(file, posting=found))
