"""A person's numbers: shown for a purpose, changed by an act, found; and the stock of codes (番号の画面)."""

import json
from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.numbers import operations as numbers
from municipal.numbers.sealing import from_token
from municipal.office.answers import Answer, once
from municipal.residents import inquiry
from municipal.residents.acts import unconfirmed
from municipal.residents.notices import Notice, as_json
from municipal.residents.operations import enter, preview, with_codes
from municipal.residents.shown import written
from municipal.web.forms.numbers import (
    ACTS,
    CODE_ACTS,
    NUMBER_ACTS,
    DestinationForm,
    FindForm,
    NumberForm,
    PurposeForm,
    RequestForm,
    StockForm,
    StockSettingsForm,
)
from municipal.web.forms.refusing import show_and_log

from . import entering, people
from .confirmation import confirmation

CARD = "has_individual_number_card"
NUMBER, CODE = "item.individual_number", "item.resident_code"
CONFIRMED = ("individual_number", "resident_code", "event_on", "notified_on", "basis", "notifier_name",
             "notifier_capacity", "identity_check")  # fmt: skip


def person_of(number: str) -> inquiry.Person:
    """The resident of this town. Raises Http404 for anybody else (本人)."""
    found = inquiry.person(number)
    if found is None:
        raise Http404
    return found


@needs(NUMBER, CODE)
@require_safe
@implements("resident-record/1.0#10.4/m1", "resident-record/1.0#7.1.1.3/m2")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Whether there is a number, the code, and what may be entered; the number itself is not on it (番号)."""
    return _page(cast(StaffRequest, request), person_of(number), PurposeForm())


@needs(NUMBER)
@require_POST
@implements("resident-record/1.0#10.4/m1")
def shown(request: HttpRequest, number: str) -> HttpResponse:
    """The number, this once, for the purpose that was chosen (個人番号の表示)."""
    asked, found = cast(StaffRequest, request), person_of(number)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(asked, found, form, status=422)
    try:
        digits = numbers.show(actor=asked.staff, addressee=found.addressee.pk, purpose=form.cleaned_data["purpose"])
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _page(asked, found, form, status=status_of(refused))
    text = digits.value
    return _page(asked, found, form, digits=f"{text[:4]} {text[4:8]} {text[8:]}")


def _page(
    request: StaffRequest, found: inquiry.Person, form: PurposeForm, *, digits: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    may_number, may_code = (item in request.permissions for item in (NUMBER, CODE))
    fields = [name for name, may in (("has_individual_number", may_number), ("resident_code", may_code)) if may]
    disclose(actor=request.staff, subjects=[found.addressee.pk], fields=fields)
    state = entering.state_of(request, found.record, 1)
    may_enter = bool(state and state["may_enter"] and found.record.status == "1")
    offered = {**(NUMBER_ACTS if may_number else {}), **(CODE_ACTS if may_code else {})} if may_enter else {}
    context = {
        "person": people.head(found, found.record), "form": form, "digits": digits,
        "may_number": may_number, "may_code": may_code,
        "has_number": may_number and numbers.has_number(found.addressee.pk),
        "has_card": written(CARD, getattr(found.record, CARD), kind=found.record.kind) if may_number else "",
        "code": found.record.resident_code if may_code else "",
        "acts": [{"name": name, "title": title} for name, title in offered.items()],
        "entering": state, "requests": RequestForm(), "destination": DestinationForm(),
    }  # fmt: skip
    return render(request, "numbers/page.html", context, status=status)


@sensitive_post_parameters("individual_number", "resident_code")
@needs("residents.enter")
@require_http_methods(["GET", "HEAD", "POST"])
@prints_addresses("numbers.form", Purpose.SCREEN)
@implements("resident-record/1.0#4.4/m1", "resident-record/1.0#4.3.2/m1")
def form(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """An act on a number: typed, checked, entered; the number travels sealed from the first step on (番号の異動)."""
    asked, found = cast(StaffRequest, request), person_of(number)
    if act not in ACTS:
        raise Http404
    item = NUMBER if act in NUMBER_ACTS else CODE
    if item not in asked.permissions:
        raise Refused("この番号を扱う権限がありません。システム管理者に確かめてください。", code="forbidden")
    if request.method != "POST" or request.POST.get("do") == "back":
        typed = {name: request.POST[name] for name in CONFIRMED if name in request.POST}
        return _form(asked, found, NumberForm(act, initial=typed))
    filled = NumberForm(act, request.POST)
    if not filled.is_valid():
        return _form(asked, found, filled, status=422)
    notice = filled.notice(number, frozenset(code[:40] for code in request.POST.getlist("confirmed")))
    try:
        return _entered(asked, notice) if request.POST.get("do") == "enter" else _confirm(asked, with_codes(notice))
    except Refused as refused:
        if refused.code.startswith("unconfirmed:"):
            asked.refusals.append(refused)
            return _confirm(asked, notice, is_missing=True)
        show_and_log(asked, filled, refused)
        return _form(asked, found, filled, status=status_of(refused))


def _form(request: StaffRequest, found: inquiry.Person, filled: NumberForm, status: int = 200) -> HttpResponse:
    disclose(actor=request.staff, subjects=[found.addressee.pk], fields=["name"])
    context = {
        "form": filled, "act": filled.act, "title": ACTS[filled.act], "person": people.head(found, found.record)
    }  # fmt: skip
    return render(request, "numbers/form.html", context, status=status)


def _confirm(request: StaffRequest, notice: Notice, *, is_missing: bool = False) -> HttpResponse:
    """Before and after; the number is said to be there, sealed, and not shown."""
    plan, said = preview(notice), notice.people[0]
    disclose(actor=request.staff, subjects=plan.people(), fields=people.DISCLOSED)
    carried = {name: request.POST[name] for name in CONFIRMED if name in request.POST}
    if said.individual_number:
        carried["individual_number"] = said.individual_number
    if said.items.get("resident_code"):
        carried["resident_code"] = str(said.items["resident_code"])
    context = {
        "act": notice.act, "title": ACTS[notice.act], "number": said.number, "key": uuid4().hex,
        "carried": list(carried.items()), "has_sealed": bool(said.individual_number),
        "missing": [alert.code for alert in unconfirmed(plan, notice)] if is_missing else [],
        **confirmation(plan, notice, request.permissions),
    }  # fmt: skip
    return render(request, "numbers/confirm.html", context, status=422 if is_missing else 200)


def _entered(request: StaffRequest, notice: Notice) -> HttpResponse:
    body = json.dumps(as_json(notice), ensure_ascii=False, sort_keys=True).encode()

    def act() -> Answer:
        return Answer(201, {"draft": enter(actor=request.staff, notice=notice).pk})

    answer = once(actor=request.staff, key=request.POST.get("key", ""), body=body, act=act)
    messages.success(request, gettext("仮登録しました。決定されるまで、台帳は変わりません。"))
    return redirect("drafts:detail", answer.body["draft"])


@sensitive_post_parameters("individual_number")
@needs(NUMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Whose number it is; the number stands in the body of the request, never in its address (個人番号による検索)."""
    asked, found = cast(StaffRequest, request), FindForm(request.POST or None)
    is_nobody = False
    if request.method == "POST" and found.is_valid():
        digits = from_token(found.cleaned_data["individual_number"])
        person = numbers.find(actor=asked.staff, digits=digits, purpose=found.cleaned_data["purpose"])
        if person is not None:
            return redirect("residents:person", person.number)
        is_nobody = True
    context = {"form": found, "is_nobody": is_nobody}
    return render(request, "numbers/find.html", context, status=422 if found.errors else 200)


@sensitive_post_parameters("codes")
@needs("numbers.stock")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#4.3.1/m4")
def stock(request: HttpRequest) -> HttpResponse:
    """How many codes are left, more of them, and when to alert; which ones is not shown (住民票コードの在庫)."""
    asked = cast(StaffRequest, request)
    is_settings = request.POST.get("do") == "settings"
    codes = StockForm(request.POST if request.method == "POST" and not is_settings else None)
    least = StockSettingsForm(
        request.POST if is_settings else None, initial={"least_codes": numbers.settings().least_codes}
    )
    for one in (codes, least):
        if one.is_bound and one.is_valid():
            try:
                said = _stocked(asked, one)
            except Refused as refused:
                show_and_log(asked, one, refused)
            else:
                messages.success(request, said)
                return redirect("numbers:stock")
    bad = codes.errors or least.errors
    context: dict[str, Any] = {
        "form": least if least.errors else codes, "codes": codes, "least": least, "count": f"{numbers.stocked():,}",
        "is_low": numbers.is_low(),
    }  # fmt: skip
    return render(request, "numbers/stock.html", context, status=422 if bad else 200)


def _stocked(request: StaffRequest, form: Any) -> str:
    if isinstance(form, StockSettingsForm):
        numbers.change_settings(actor=request.staff, **form.cleaned_data)
        return gettext("警告する在庫数を変更しました。")
    new = numbers.stock_codes(actor=request.staff, codes=form.cleaned_data["codes"])
    return gettext("%(count)d件を在庫に加えました。") % {"count": new}
