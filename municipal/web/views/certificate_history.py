"""What was issued: found again, printed, disposed of, issued again (交付履歴; resident-record/1.0#2.2.2)."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.models import Addressee
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.certificates.kinds import KINDS, LIST, MOVING_OUT
from municipal.certificates.models import CertificateCopy, CertificateIssue, Output
from municipal.certificates.operations import dispose, hand_out, print_copy, reissue, send
from municipal.certificates.operations.handing_out import notices_for
from municipal.certificates.rules.requests import Asked
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.residents import inquiry
from municipal.residents.models import ResidentEvent
from municipal.residents.shown import written
from municipal.residents.suppression import INQUIRY, decide
from municipal.web.forms.certificates import DisposalForm, IssuesForm, ReissueForm

from . import people
from .certificates import as_pdf
from .entering import act_title, names_of
from .once import new_key, pressed_once
from .paging import pager

PAGE, RECENT = 50, 10
FIELDS = ("kind", "issued_at", "requester_name", "purpose")


def _issues() -> QuerySet[CertificateIssue]:
    copies = Prefetch("copies", CertificateCopy.objects.order_by("serial").prefetch_related("disposals"))
    return CertificateIssue.objects.prefetch_related(copies).order_by("-issued_at", "-pk")


def _row(made: CertificateIssue, names: dict[tuple[str, int], str]) -> dict[str, Any]:
    copies = list(made.copies.all())
    return {
        "id": made.pk, "kind": gettext(KINDS[made.kind].name), "at": people.moment(made.issued_at),
        "place": made.place, "terminal": made.terminal, "copies": made.copies_count, "fee": made.fee_yen,
        "numbers": [copy.number for copy in copies], "requester": gettext(made.get_requester_display()),
        "by": names.get((made.issued_by_kind, made.issued_by_id), gettext("システム")),
        "is_reissue": made.reissue_of_id is not None, "is_official": made.is_official,
        "disposed": sum(bool(copy.disposals.all()) for copy in copies),
    }  # fmt: skip


def _rows(found: list[CertificateIssue]) -> list[dict[str, Any]]:
    names = names_of(sorted({(made.issued_by_kind, made.issued_by_id) for made in found}))
    return [_row(made, names) for made in found]


@needs("certificates.history")
@require_safe
@implements("resident-record/1.0#2.2.2/m2")
def everything(request: HttpRequest) -> HttpResponse:
    """Everything that was issued, by any item that the history keeps (交付履歴の照会)."""
    asked, form = cast(StaffRequest, request), IssuesForm(request.GET)
    found = _narrowed(form) if form.is_valid() else CertificateIssue.objects.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if subjects := sorted({one for made in shown for one in made.subjects}):
        disclose(actor=asked.staff, subjects=subjects, fields=FIELDS)
    context = {"form": form, "rows": _rows(shown), "pager": pager(page, request), "count": page.paginator.count}
    return render(request, "certificates/list.html", context, status=422 if form.errors else 200)


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "since": lambda day: Q(issued_on__gte=day),
    "until": lambda day: Q(issued_on__lte=day),
    "kind": lambda code: Q(kind=code),
    "place": lambda text: Q(place=text),
    "terminal": lambda text: Q(terminal=text),
    "staff": lambda login: Q(
        issued_by_kind="staff", issued_by_id__in=Staff.objects.filter(login_name=login).values("pk")
    ),
    "number": lambda text: Q(copies__number=text.strip()),
    "item": lambda label: Q(items__contains=[label]),
    "copies": lambda count: Q(copies_count=count),
    "disposed": lambda said: Q(copies__disposals__isnull=said == "no"),
}
"""What each field of the search means; who the certificate is about is asked on that person's page."""


def _narrowed(form: IssuesForm) -> QuerySet[CertificateIssue]:
    found = _issues()
    for name, condition in CONDITIONS.items():
        if said := form.cleaned_data[name]:
            found = found.filter(condition(said))
    return found.distinct()


def _person(number: str) -> inquiry.Person:
    person = inquiry.person(number)
    if person is None:
        raise Http404
    decide(INQUIRY, [person.addressee.pk]).refuse_errors()
    return person


@needs("certificates.history")
@require_safe
@implements("resident-record/1.0#2.2.2/m1")
def of_person(request: HttpRequest, number: str) -> HttpResponse:
    """What was issued about one person, the state of the card, and the notices that may be sent (本人の交付履歴)."""
    asked, person = cast(StaffRequest, request), _person(number)
    disclose(actor=asked.staff, subjects=[person.addressee.pk], fields=FIELDS)
    found = _issues().filter(subjects__contains=[person.addressee.pk])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    card = person.record.has_individual_number_card
    context = {
        "person": people.head(person, person.record), "rows": _rows(list(page.object_list)),
        "pager": pager(page, request), "count": page.paginator.count,
        "card": gettext("記録なし") if card is None else gettext("交付あり") if card else gettext("交付なし"),
        "may_issue": "certificates.issue" in asked.permissions,
        "events": _events(person) if "certificates.issue" in asked.permissions else [], "key": new_key(request),
    }  # fmt: skip
    return render(request, "certificates/person.html", context)


def _events(person: inquiry.Person) -> list[dict[str, Any]]:
    """The last acts about the person, with the notices that go with each."""
    acts = ResidentEvent.objects.filter(records__addressee=person.addressee).distinct().order_by("-recorded_at")
    return [
        {
            "id": event.pk, "act": act_title(event.act), "at": people.moment(event.recorded_at),
            "event_on": written("event_on", event.event_on, kind="1"),
            "kinds": [{"code": code, "name": gettext(KINDS[code].name)} for code in kinds],
            "may_choose_place": "receipt_notice" in kinds,
        }
        for event in acts[:RECENT]
        if (kinds := notices_for(event))
    ]  # fmt: skip


@needs("certificates.history")
@require_safe
@implements("resident-record/1.0#2.2.2/m1")
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """One issue: what, for whom, its copies, and what may be done with them (交付の内容)."""
    return _issue(cast(StaffRequest, request), get_object_or_404(_issues(), pk=number))


def _issue(
    request: StaffRequest, made: CertificateIssue, form: ReissueForm | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    disclose(actor=request.staff, subjects=made.subjects, fields=FIELDS)
    by = (made.issued_by_kind, made.issued_by_id)
    subjects = Addressee.objects.filter(pk__in=made.subjects).values_list("number", "name")
    is_today, is_list = made.issued_on == clock.today(), KINDS[made.kind].family == LIST
    context = {
        "issue": _row(made, names_of([by])) | {"purpose": made.purpose, "requester_name": made.requester_name},
        "items": made.items, "identity_check": gettext(made.get_identity_check_display() or ""),
        "exemption": made.exemption, "output": gettext(str(Output(made.output).label)), "printer": made.printer,
        "tray": made.tray, "subjects": [{"number": number, "name": name} for number, name in subjects],
        "copies": [_copy(copy, is_today=is_today, is_list=is_list) for copy in made.copies.all()],
        "may_issue": "certificates.issue" in request.permissions, "is_today": is_today,
        "may_reissue": made.kind in MOVING_OUT, "form": form or ReissueForm(), "key": new_key(request),
        "first": made.reissue_of_id,
    }  # fmt: skip
    return render(request, "certificates/issue.html", context, status=status)


def _copy(copy: CertificateCopy, *, is_today: bool, is_list: bool) -> dict[str, Any]:
    disposal = next(iter(copy.disposals.all()), None)
    may_print = is_today and disposal is None and not is_list
    return {
        "id": copy.pk, "number": copy.number, "pages": copy.pages, "may_print": may_print,
        "disposed_at": people.moment(disposal.disposed_at) if disposal else "",
        "reason": disposal.reason if disposal else "", "refunded": disposal.refunded_yen if disposal else 0,
    }  # fmt: skip


@needs("certificates.issue")
@require_POST
@implements("resident-record/1.0#10.7/m4")
@prints_addresses("certificates.print", Purpose.CERTIFICATE)
def print_it(request: HttpRequest, number: int) -> HttpResponse:
    """An issued copy as PDF, or sent to its printer; either is in the audit (印刷)."""
    asked = cast(StaffRequest, request)
    copy = get_object_or_404(CertificateCopy.objects.select_related("issue"), pk=number)
    pdf = print_copy(actor=asked.staff, copy=copy)
    if copy.issue.output == Output.PAPER:
        messages.success(request, gettext("プリンタに送りました。"))
        return redirect("certificates:issue", copy.issue_id)
    return as_pdf(pdf, f"{copy.issue.kind}-{copy.day:%Y%m%d}-{copy.serial:03}.pdf")


@needs("certificates.issue")
@require_POST
def dispose_of(request: HttpRequest, number: int) -> HttpResponse:
    """A copy issued by mistake is destroyed; the history says so (処分)."""
    asked, form = cast(StaffRequest, request), DisposalForm(request.POST)
    copy = get_object_or_404(CertificateCopy.objects.select_related("issue"), pk=number)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    pressed_once(asked, lambda: dispose(actor=asked.staff, copy=copy, reason=reason).pk)
    messages.success(request, gettext("処分を記録しました。"))
    return redirect("certificates:issue", copy.issue_id)


@needs("certificates.issue")
@require_POST
@implements("resident-record/1.0#4.1.3.0.3/m3")
@prints_addresses("certificates.reissue", Purpose.CERTIFICATE)
def reissue_it(request: HttpRequest, number: int) -> HttpResponse:
    """A lost move-out certificate once more, as it was first issued (再交付)."""
    asked, form = cast(StaffRequest, request), ReissueForm(request.POST)
    made = get_object_or_404(_issues().select_related("event", "reissue_of"), pk=number)
    if not form.is_valid():
        return _issue(asked, made, form, 422)
    wanted = Asked(kind=made.kind, people=(), place=asked.staff.department[:30], **form.cleaned_data)
    again = pressed_once(asked, lambda: reissue(actor=asked.staff, issue=made, asked=wanted).pk)
    messages.success(request, gettext("再交付しました。印刷して交付してください。"))
    return redirect("certificates:issue", again)


def _sent(request: StaffRequest, event: ResidentEvent, kind: str, *, to_new_address: bool) -> int:
    """The id of the notice; of the move-out certificate, which could not be issued with the decision."""
    if kind in MOVING_OUT and kind == event.document:
        return hand_out(actor=request.staff, event=event).pk
    return send(actor=request.staff, event=event, kind=kind, to_new_address=to_new_address).pk


@needs("certificates.issue")
@require_POST
@implements("resident-record/1.0#4.1.0.3/m1", "resident-record/1.0#4.1.0.3/m3")
@prints_addresses("certificates.send", Purpose.MAIL)
def send_notice(request: HttpRequest, number: int) -> HttpResponse:
    """A notice about an act, on the day or later (通知書の作成)."""
    asked, event = cast(StaffRequest, request), get_object_or_404(ResidentEvent, pk=number)
    kind, to_new = request.POST.get("kind", ""), request.POST.get("to") == "new"
    made = pressed_once(asked, lambda: _sent(asked, event, kind, to_new_address=to_new))
    messages.success(request, gettext("通知書を作りました。印刷して送ってください。"))
    return redirect("certificates:issue", made)
