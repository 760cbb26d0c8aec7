"""The audit trail, read and verified (操作の記録の画面)."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from municipal.addressees.models import Addressee
from municipal.audit.models import Entry, Kind
from municipal.audit.operations import record
from municipal.audit.reading import chosen, read
from municipal.audit.verification import Verdict, verify
from municipal.core import clock
from municipal.core.actors import RESIDENT, STAFF
from municipal.core.clauses import implements
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.residents.shown import labels
from municipal.web.forms.audit import ACTS, AuditFilterForm

from . import people
from .paging import pager
from .residents import screen_name

PAGE = 50
REFUSALS = {Kind.REFUSAL, Kind.FAILED_SIGN_IN}
MOST_SUBJECTS, MOST_FIELDS = 2, 2


@needs("audit.view")
@require_safe
@implements("resident-record/1.0#10.2/m2")
def entries(request: HttpRequest) -> HttpResponse:
    """Who did what: ids and names of fields, no values; reading it is recorded too (操作の記録)."""
    return _page(cast(StaffRequest, request), None)


@needs("audit.verify")
@require_POST
@implements("resident-record/1.0#10.2/m3")
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, anchors included (改ざんの検査)."""
    asked = cast(StaffRequest, request)
    verdict = verify(asked.town.pk)
    record(actor=asked.staff, act="audit.verify", code="" if verdict.is_sound else verdict.reason)
    return _page(asked, verdict)


def _page(request: StaffRequest, verdict: Verdict | None) -> HttpResponse:
    form = AuditFilterForm(request.GET or None)
    page = Paginator(_chosen(form), PAGE).get_page(request.GET.get("page"))
    listed = cast(QuerySet[Entry], page.object_list)
    rows = _rows(read(actor=request.staff, entries=listed)) if listed else []
    context = {
        "form": form,
        "entries": rows,
        "pager": pager(page, request),
        "may_verify": "audit.verify" in request.permissions,
        "verification": _said(verdict) if verdict else None,
    }
    return render(request, "audit/entries.html", context, status=422 if form.errors else 200)


def _chosen(form: AuditFilterForm) -> Any:
    if not form.is_bound:
        return chosen()
    if not form.is_valid():
        return Entry.objects.none()
    login_name, actor = form.cleaned_data["staff"].strip(), None
    if login_name:
        found = Staff.objects.filter(login_name=login_name).first()
        actor = (STAFF, found.pk if found else -1)
    return chosen(day=form.cleaned_data["on"], actor=actor, act=form.cleaned_data["act"])


SYSTEM_NAME, PAYER_NAME = _("システム"), _("納付書を持つ方")
"""Who acted where nobody was signed in: the machine, or whoever holds a slip."""


def _actor(entry: Entry, staff: dict[int, str]) -> str:
    if entry.actor_kind == STAFF:
        return staff.get(entry.actor_id, "")
    return gettext(PAYER_NAME if entry.actor_kind == RESIDENT else SYSTEM_NAME)


def _rows(found: list[Entry]) -> list[dict[str, Any]]:
    staff = {one.pk: one.login_name for one in Staff.objects.filter(pk__in={entry.actor_id for entry in found})}
    subjects = {subject for entry in found for subject in entry.subjects[:MOST_SUBJECTS]}
    numbers = dict(Addressee.objects.filter(pk__in=subjects).values_list("pk", "number"))
    return [
        {
            "number": entry.seq,
            "at": people.moment(entry.at),
            "actor": _actor(entry, staff),
            "action": gettext(ACTS[entry.act]) if entry.act in ACTS else entry.act,
            "subject": _some([numbers.get(one, f"#{one}") for one in entry.subjects], MOST_SUBJECTS),
            "screen": screen_name(entry.screen),
            "fields": _some([labels().get(name, name) for name in entry.fields], MOST_FIELDS),
            "was_refused": entry.kind in REFUSALS,
        }
        for entry in found
    ]


def _some(words: list[str], most: int) -> str:
    """The first few, and how many more there are."""
    shown = ", ".join(map(str, words[:most]))
    return (
        shown if len(words) <= most else gettext("%(shown)s ほか%(more)d") % {"shown": shown, "more": len(words) - most}
    )


def _said(verdict: Verdict) -> dict[str, Any]:
    return {
        "is_sound": verdict.is_sound,
        "checked_at": people.moment(clock.now()),
        "count": f"{verdict.rows:,}",
        "first_bad": str(verdict.first_bad_seq or ""),
    }
