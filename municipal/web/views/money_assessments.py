"""Assessments: found, entered by hand or by file, revised (賦課の画面)."""

import hashlib
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.models import Addressee
from municipal.audit.operations import disclose
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Assessment, Charge
from municipal.payments.operations import Assessed, assess, revise
from municipal.residents.inquiry import withheld
from municipal.web.forms.money import AssessmentForm, FindAssessmentForm, RevisionForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from . import people
from .once import new_key, pressed_once, tried

PAGE = 50


@needs("payments.view", "payments.assess")
@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """The newest assessments that fit; whoever is named counts as seen (賦課の一覧)."""
    asked, form = cast(StaffRequest, request), FindAssessmentForm(request.GET)
    is_wrong = not form.is_valid()
    found = list(_wanted({} if is_wrong else form.cleaned_data, request.GET.get("before", ""))[: PAGE + 1])
    older = ""
    if len(found) > PAGE:
        query = request.GET.copy()
        query["before"] = str(found[PAGE - 1].pk)
        older = f"?{query.urlencode()}"
    rows = _rows(asked, found[:PAGE])
    context = {"form": form, "rows": rows, "older": older}
    return render(request, "money/assessments.html", context, status=422 if is_wrong else 200)


def _wanted(said: dict[str, Any], before: str) -> QuerySet[Assessment]:
    """Each as it was decided last, the newest decision first."""
    wanted = Q(revisions__isnull=True)
    if before.isascii() and before.isdigit() and len(before) < 19:
        wanted &= Q(pk__lt=int(before))
    for name, field in (
        ("payer", "payer__number"),
        ("fee", "fee"),
        ("levy_year", "levy_year"),
        ("reference", "reference"),
    ):
        if said.get(name):
            wanted &= Q(**{field: said[name]})
    return Assessment.objects.filter(wanted).select_related("payer").order_by("-pk")


def _rows(request: StaffRequest, found: list[Assessment]) -> list[dict[str, Any]]:
    if found:
        disclose(actor=request.staff, subjects=sorted({one.payer_id for one in found}), fields=["name"])
    hidden = withheld() if found else set()
    return [_row(one) | {"badges": ["protected"] if one.payer_id in hidden else []} for one in found]


def _row(one: Assessment) -> dict[str, Any]:
    return {
        "number": one.pk, "payer": one.payer.number, "name": one.payer.name, "fee": fee_name(one.fee),
        "levy_year": wareki_fiscal_year(one.levy_year), "fiscal_year": wareki_fiscal_year(one.fiscal_year),
        "reference": one.reference, "total": f"{one.total_yen:,}", "is_revised": one.revises_id is not None,
        "recorded_at": people.moment(one.recorded_at), "reason": one.reason,
    }  # fmt: skip


@needs("payments.view", "payments.assess")
@require_safe
def assessment(request: HttpRequest, number: int) -> HttpResponse:
    """One assessment with its history, instalments, how they stand, their slips (賦課)."""
    asked = cast(StaffRequest, request)
    history = history_of(get_object_or_404(Assessment.objects.select_related("payer"), pk=number))
    row = _rows(asked, [history[-1]])[0]
    charges = list(
        Charge.objects.filter(assessment=history[0]).prefetch_related("slips__withdrawals").order_by("period")
    )
    standings = of_charges([one.pk for one in charges])
    context = {
        "row": row, "history": [_row(one) for one in reversed(history)],
        "charges": [_charge(one, standings[one.pk]) for one in charges],
        "may_revise": "payments.assess" in asked.permissions and history[0].accessory_of_id is None,
    }  # fmt: skip
    return render(request, "money/assessment.html", context)


def history_of(one: Assessment) -> list[Assessment]:
    """The line of decisions that an assessment stands in, the first decision first (更正の経過)."""
    found = [one]
    while found[0].revises_id is not None:
        found.insert(0, Assessment.objects.select_related("payer").get(pk=found[0].revises_id))
    while (later := Assessment.objects.select_related("payer").filter(revises=found[-1]).first()) is not None:
        found.append(later)
    return found


def _charge(one: Charge, standing: Standing) -> dict[str, Any]:
    names = ("charged", "applied", "written_off", "outstanding", "overpaid", "refunded")
    return {
        "number": one.pk, "period": one.period, "due_on": wareki(one.due_on),
        "yen": [f"{getattr(standing, name):,}" for name in names], "is_owed": standing.outstanding > 0,
        "slips": [
            {"number": slip.number, "yen": f"{slip.yen:,}", "is_withdrawn": bool(slip.withdrawals.all())}
            for slip in one.slips.all()
        ],
    }  # fmt: skip


@needs("payments.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One assessment by hand: shown with its instalments first, then entered as it was shown (賦課の入力)."""
    asked = cast(StaffRequest, request)
    known = {"payer": request.GET.get("payer", "")}
    form = AssessmentForm(request.POST if request.method == "POST" else None, initial=known)
    preview: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        try:
            said = _assessed(form.cleaned_data)
            if request.POST.get("seen") == _seen(form.cleaned_data):
                made = pressed_once(asked, lambda: int(assess(actor=asked.staff, assessed=said).pk))
                messages.success(request, gettext("賦課を登録し、調定しました。"))
                return redirect("money:assessment", made)
            preview = tried(lambda: _instalments(assess(actor=asked.staff, assessed=said)))
        except Refused as refused:
            show_and_log(asked, form, refused)
    context = {
        "form": form,
        "key": new_key(request),
        "preview": preview,
        "seen": _seen(form.cleaned_data) if preview else "",
    }
    return render(request, "money/assessment_new.html", context, status=422 if form.errors else 200)


def _assessed(said: dict[str, Any]) -> Assessed:
    payer = Addressee.objects.filter(number=said["payer"]).first()
    if payer is None:
        raise Refused("この宛名番号の方は登録されていません。", field="payer", code="invalid")
    return Assessed(**said | {"payer": payer})


def _seen(said: dict[str, Any]) -> str:
    """What was shown before it is entered: something else is shown again first."""
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()


def _instalments(made: Assessment) -> list[dict[str, Any]]:
    return [
        {"period": one.period, "due_on": wareki(one.due_on), "yen": f"{one.yen:,}"}
        for one in Charge.objects.filter(assessment=made).order_by("period")
    ]


@needs("payments.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def revise_assessment(request: HttpRequest, number: int) -> HttpResponse:
    """Another total: what it would do is shown first, then it is entered as it was shown (更正)."""
    asked = cast(StaffRequest, request)
    history = history_of(get_object_or_404(Assessment.objects.select_related("payer"), pk=number))
    # The one that was shown: sent twice, it is the same act; revised by somebody else meanwhile, it is refused.
    last = next((one for one in history if str(one.pk) == request.POST.get("shown")), history[-1])
    form = RevisionForm(request.POST if request.method == "POST" else None)
    effect: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        said = {"assessment": last, **form.cleaned_data}
        seen = _seen(form.cleaned_data | {"last": last.pk})
        try:
            if request.POST.get("seen") == seen:
                made = pressed_once(asked, lambda: int(revise(actor=asked.staff, **said).pk))
                messages.success(request, gettext("更正しました。"))
                return redirect("money:assessment", made)
            effect = _effect(asked, history[0], said)
        except Refused as refused:
            show_and_log(asked, form, refused)
    context = {
        "form": form, "key": new_key(request), "row": _rows(asked, [last])[0], "effect": effect, "shown": last.pk,
        "seen": seen if effect else "", "is_overpaid": any(one["is_overpaid"] for one in effect),
    }  # fmt: skip
    return render(request, "money/revise.html", context, status=422 if form.errors else 200)


def _effect(request: StaffRequest, first: Assessment, said: dict[str, Any]) -> list[dict[str, Any]]:
    """How each instalment stands, and how it would: the act itself is tried and taken back."""
    charges = list(Charge.objects.filter(assessment=first).order_by("period"))
    ids = [one.pk for one in charges]
    before = of_charges(ids)

    def act() -> dict[int, Standing]:
        revise(actor=request.staff, **said)
        return of_charges(ids)

    after = tried(act)
    return [
        {
            "period": one.period, "due_on": wareki(one.due_on), "is_changed": before[one.pk] != after[one.pk],
            "charged": [f"{found[one.pk].charged:,}" for found in (before, after)],
            "outstanding": [f"{found[one.pk].outstanding:,}" for found in (before, after)],
            "overpaid": [f"{found[one.pk].overpaid:,}" for found in (before, after)],
            "is_overpaid": after[one.pk].overpaid > before[one.pk].overpaid,
        }
        for one in charges
    ]  # fmt: skip
