"""Who gets a payer's mail instead, and who owes with them (送付先・連帯納税義務者の画面)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from municipal.addressees.mailing import withheld_among
from municipal.addressees.models import Addressee, Recipient
from municipal.addressees.operations import end_recipient, register_recipient
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments.models import Assessment, JointPayer
from municipal.payments.operations import Joint, name_joint_payers, release_joint_payer
from municipal.web.forms.payers import EndForm, JointForm, RecipientForm
from municipal.web.forms.refusing import show_and_log

from . import payer_facts
from .once import new_key, pressed_once
from .payers import SHOWN, found, shown


@needs("payments.payers")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, number: str) -> HttpResponse:
    """Let the mail go to somebody else, or elsewhere (送付先の登録)."""
    asked, payer = cast(StaffRequest, request), found(number)
    form = RecipientForm(request.POST or None, initial={"first_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            pressed_once(
                asked, lambda: register_recipient(actor=asked.staff, addressee=payer, said=form.said()).pk
            )  # fmt: skip
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("送付先を登録しました。"))
            return redirect("payers:payer", number)
    disclose(actor=asked.staff, subjects=[payer.pk], fields=SHOWN)
    context = {
        "form": form, "key": new_key(request), "what": "recipient",
        "payer": payer_facts.head(payer, is_protected=payer.pk in withheld_among([payer.pk])),
    }  # fmt: skip
    return render(request, "payers/form.html", context, status=422 if form.errors else 200)


@needs("payments.payers")
@require_POST
def end(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Let a recipient end, or take back one that was entered by mistake (送付先の終了・取消し)."""
    asked, payer = cast(StaffRequest, request), found(number)
    get_object_or_404(Recipient, pk=row, addressee=payer)
    is_mistake = request.POST.get("do") == "mistake"
    form = EndForm(request.POST, auto_id=f"{row}-%s")
    if is_mistake or form.is_valid():
        last_day = None if is_mistake else form.cleaned_data["last_day"]
        try:
            pressed_once(asked, lambda: bool(end_recipient(actor=asked.staff, recipient=row, last_day=last_day)))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            done = gettext("送付先の登録を取り消しました。") if is_mistake else gettext("送付先を終了しました。")
            messages.success(request, done)
            return redirect("payers:payer", number)
    return shown(asked, payer, {"form": form, "refused_row": row}, status=422)


@needs("payments.payers")
@require_http_methods(["GET", "HEAD", "POST"])
def joint(request: HttpRequest, number: str, assessment: int) -> HttpResponse:
    """Who owes an assessment together with its payer; one more can be named (連帯納税義務者)."""
    payer = found(number)
    first = get_object_or_404(Assessment, pk=assessment, payer=payer, revises=None)
    asked, form = cast(StaffRequest, request), JointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pressed_once(asked, lambda: _named(asked, first, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("連帯納税義務者を登録しました。"))
            return redirect("payers:joint", number, assessment)
    rows = payer_facts.joints(first)
    disclose(actor=asked.staff, subjects=[payer.pk, *(one["id"] for one in rows)], fields=[*SHOWN, "share"])
    context = {
        "payer": payer_facts.head(payer, is_protected=payer.pk in withheld_among([payer.pk])), "rows": rows,
        "form": form, "key": new_key(request), "debt": payer_facts.named(first),
    }  # fmt: skip
    return render(request, "payers/joint.html", context, status=422 if form.errors else 200)


def _named(request: StaffRequest, first: Assessment, form: JointForm) -> int:
    person = Addressee.objects.filter(number=form.cleaned_data["person"]).first()
    if person is None:
        raise Refused("この宛名番号の方は登録されていません。", field="person", code="no_such_person")
    people = [Joint(person, form.cleaned_data["share"])]
    return len(name_joint_payers(actor=request.staff, assessment=first, people=people))


@needs("payments.payers")
@require_POST
def release(request: HttpRequest, number: str, assessment: int, row: int) -> HttpResponse:
    """Somebody owes no longer together with the payer (連帯納税義務者の抹消)."""
    asked = cast(StaffRequest, request)
    get_object_or_404(JointPayer, pk=row, assessment=assessment, assessment__payer=found(number))
    pressed_once(asked, lambda: release_joint_payer(actor=asked.staff, joint_payer=row))
    messages.success(request, gettext("連帯納税義務者から外しました。"))
    return redirect("payers:joint", number, assessment)
