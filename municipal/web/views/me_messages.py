"""Where the office wrote to me, and whether I am told of it by mail (私へのお知らせの画面)."""

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.applicants.models import Applicant, ApplicantSession
from municipal.applications.models import Case, Channel, MailAddress, Side
from municipal.applications.operations.messaging import unread
from municipal.applications.operations.telling import WRONG_CODE, confirm_address, drop_address, give_address
from municipal.applications.standing import may_act, principal_of
from municipal.applications.telling_applicants import is_mail_on
from municipal.core.refusals import Refused
from municipal.municipalities.models import Municipality
from municipal.web.forms.messages import MailCodeForm, MailForm
from municipal.web.forms.refusing import show
from municipal.web.languages import moment_said

from .me import framed, pressed_once
from .me_cases import tongue
from .me_door import for_oneself
from .once import new_key

MOST = 50


def _cases(account: Applicant) -> list[dict[str, Any]]:
    """Cases about which somebody wrote, the newest message first; none of whoever one no longer acts for."""
    rows = Case.objects.filter(account=account, channel=Channel.ONLINE).annotate(last=Max("messages__at"))
    rows = rows.filter(last__isnull=False).select_related("account__person", "about").order_by("-last")
    return [
        {
            "number": one.number, "title": one.asked.title.said(tongue()), "unread": unread(one, Side.APPLICANT),
            "at": moment_said(one.last), "principal": principal.name if (principal := principal_of(one)) else "",
        }
        for one in rows[:MOST] if may_act(account, one.about, one.procedure)
    ]  # fmt: skip


def _page(request: HttpRequest, town: Municipality, session: ApplicantSession, **more: Any) -> HttpResponse:
    kept = MailAddress.objects.filter(account=session.applicant).first()
    usual: dict[str, Any] = {
        "cases": _cases(session.applicant), "has_mail": is_mail_on(), "mail": kept,
        "is_confirmed": kept is not None and kept.confirmed_at is not None, "key": new_key(request),
        "mail_form": MailForm(), "code_form": MailCodeForm(),
    }  # fmt: skip
    context = framed(town, session, **usual | more)
    wrong = any(context[name].errors for name in ("mail_form", "code_form"))
    # One summary on top for whichever form is wrong.
    context["form"] = context["code_form"] if context["code_form"].errors else context["mail_form"]
    return render(request, "me/messages.html", context, status=422 if wrong else 200)


@for_oneself(is_resident=False)
@never_cache
@require_safe
def page(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """What the office wrote, by case, and the address for mails (お知らせ)."""
    return _page(request, town, session)


@for_oneself(is_resident=False)
@require_POST
def give(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """An address; a code goes there (メールアドレスの登録)."""
    form, account = MailForm(request.POST), session.applicant
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            pressed_once(
                request, account, lambda: give_address(actor=account, account=account, address=address).pk
            )  # fmt: skip
        except Refused as refused:
            show(form, refused)
        else:
            return redirect("me:messages", town.code)
    return _page(request, town, session, mail_form=form)


@for_oneself(is_resident=False)
@require_POST
def confirm(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """The code that came (メールアドレスの確認)."""
    form, account = MailCodeForm(request.POST), session.applicant
    if form.is_valid():
        if confirm_address(actor=account, account=account, code=form.cleaned_data["code"]):
            return redirect("me:messages", town.code)
        show(form, Refused(WRONG_CODE, field="code", code="wrong_code"))
    return _page(request, town, session, code_form=form)


@for_oneself(is_resident=False)
@require_POST
def drop(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """No mails any more; pressed again it is the same (メールの停止)."""
    drop_address(actor=session.applicant, account=session.applicant)
    return redirect("me:messages", town.code)
