"""Payers: finding, entering and correcting them, the page of one (納付義務者の画面)."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.finding import LIMIT, others_found
from municipal.addressees.mailing import withheld_among
from municipal.addressees.models import Addressee, AddresseeKind
from municipal.addressees.operations import correct_payer, register_payer
from municipal.addressees.operations.directory import PARTS
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents.inquiry import is_number
from municipal.residents.search import find
from municipal.web.forms.payers import NAMES, CorrectionForm, PayerForm, PayerSearchForm
from municipal.web.forms.refusing import show_and_log

from . import payer_facts
from .once import new_key, pressed_once

SHOWN = ("name", "kana")


def found(number: str) -> Addressee:
    """The addressee whose page is opened (納付義務者). Raises Http404 for nobody of this town."""
    payer = Addressee.objects.filter(number=number).first() if is_number(number) else None
    if payer is None:
        raise Http404
    return payer


@needs("payments.view", "payments.payers")
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Residents, non-residents and corporations by number, name or kana (納付義務者の検索)."""
    asked, form = cast(StaffRequest, request), PayerSearchForm(request.GET)
    rows, is_cut = None, False
    if form.is_valid() and form.cleaned_data["q"]:
        try:
            ids, is_cut = _meant(form.cleaned_data["q"])
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            rows = payer_facts.rows(ids)
            if ids:
                disclose(actor=asked.staff, subjects=ids, fields=SHOWN)
    context = {"form": form, "rows": rows, "is_cut": is_cut, "limit": LIMIT}
    return render(request, "payers/list.html", context, status=422 if form.errors else 200)


def _meant(query: str) -> tuple[list[int], bool]:
    """Whom the box means, residents first; and whether there are more than are given.

    Where many residents bear a name, half of the list is left to the others: a corporation is not crowded out.
    """
    hits, others = find(query), others_found(query)
    residents = [one for one in hits.addressees if one not in others]
    given = [*residents[: max(LIMIT - len(others), LIMIT // 2)], *others][:LIMIT]
    return given, hits.is_cut or len(given) < len(residents) + len(others)


@needs("payments.payers")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Enter a non-resident or a corporation (住登外者・法人の登録)."""
    asked, form = cast(StaffRequest, request), PayerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = pressed_once(
                asked, lambda: register_payer(actor=asked.staff, entry=form.entry(form.cleaned_data["kind"])).number
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("納付義務者を登録しました。"))
            return redirect("payers:payer", number)
    context = {"form": form, "key": new_key(request), "payer": None, "what": "register"}
    return render(request, "payers/form.html", context, status=422 if form.errors else 200)


@needs("payments.view", "payments.payers")
@require_safe
@prints_addresses("payers.payer", Purpose.SCREEN)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One payer: how papers reach them, what they owe, with whom (納付義務者の内容)."""
    payer = found(number)
    return shown(cast(StaffRequest, request), payer, {})


def shown(request: StaffRequest, payer: Addressee, changed: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page of a payer, with the form that was refused in the place of an empty one (納付義務者の内容)."""
    is_protected = payer.pk in withheld_among([payer.pk])
    joint = payer_facts.owed_with_others(payer)
    disclose(
        actor=request.staff, subjects=[payer.pk, *(one["id"] for one in joint)],
        fields=[*SHOWN, "mailing", "charges"],
    )  # fmt: skip
    context = {
        "payer": payer_facts.head(payer, is_protected=is_protected),
        "delivery": payer_facts.delivery(payer, is_protected=is_protected),
        "recipients": payer_facts.recipients(payer, is_protected=is_protected),
        "debts": payer_facts.debts(payer), "balance": payer_facts.balance(payer), "joint": joint,
        "slips": payer_facts.slips(payer),
        "history": payer_facts.history(payer, is_protected=is_protected), "key": new_key(request), **changed,
    }  # fmt: skip
    return render(request, "payers/payer.html", context, status=status)


@needs("payments.payers")
@require_http_methods(["GET", "HEAD", "POST"])
@prints_addresses("payers.correct", Purpose.SCREEN)
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Say anew who a non-resident or a corporation is; a resident is corrected in the register (宛名の訂正).

    The address of a protected one is never filled in: left empty, it stays as it was.
    """
    asked, payer = cast(StaffRequest, request), found(number)
    if payer.kind == AddresseeKind.RESIDENT:
        raise Http404
    is_protected = payer.pk in withheld_among([payer.pk])
    form = CorrectionForm(request.POST or None, initial={name: getattr(payer, name) for name in NAMES})
    if not is_protected:
        form.fill(vars(payer), "mailing")
    if request.method == "POST" and form.is_valid():
        entry = form.entry(payer.kind)
        if is_protected and not any(entry.address.values()):
            entry = replace(entry, address={part: getattr(payer, f"mailing_{part}") for part in PARTS})
        said = {"addressee": payer, "entry": entry, "reason": form.cleaned_data["reason"]}
        try:
            pressed_once(asked, lambda: correct_payer(actor=asked.staff, **said).number)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("宛名を訂正しました。前の内容は履歴に残ります。"))
            return redirect("payers:payer", number)
    disclose(actor=asked.staff, subjects=[payer.pk], fields=[*SHOWN, "mailing"])
    context = {
        "form": form, "key": new_key(request), "what": "correct",
        "payer": payer_facts.head(payer, is_protected=is_protected),
    }  # fmt: skip
    return render(request, "payers/form.html", context, status=422 if form.errors else 200)
