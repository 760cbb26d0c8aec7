"""Signing an application together: asking somebody, and what they see and sign (共同の署名の画面)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from municipal.applicants.models import ApplicantSession
from municipal.applicants.operations import sign
from municipal.applicants.relying import is_simulated
from municipal.applications.models import Case, CoSigner
from municipal.applications.operations import ask_to_sign, cosign, cosigner_of
from municipal.applications.operations.cosigning import cosigned_answers, cosigned_digest, cosigned_fields, cosigners_of
from municipal.applications.rules.steps import is_over
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.web.forms.me import CodeForm
from municipal.web.forms.refusing import show
from municipal.web.forms.signing import SignForm
from municipal.web.languages import day_said
from municipal.web.panels import Panel, for_applicants

from .applicant_doors import holder, visitor, way_in
from .applied import opened_case
from .apply import answered, framed, shown, told
from .me import pressed_once
from .once import new_key
from .pay import town_of

STATES = {"signed": _("署名済み"), "open": _("署名待ち"), "expired": _("期限切れ")}


def row_of(one: CoSigner) -> dict[str, Any]:
    """Somebody who was asked to sign, and how it stands (共同の申請者の行)."""
    state = "signed" if one.signed_at else "open" if one.is_open(clock.now()) else "expired"
    until = one.signed_at or one.expires_at
    return {
        "name": one.name, "state": state, "word": STATES[state], "on": day_said(until.astimezone(clock.TOKYO).date()),
        "cosigner": one,
    }  # fmt: skip


@for_applicants(80)
def panel(request: HttpRequest, case: Case) -> Panel | None:
    """Who signs together with the applicant, and one more to be asked (共同の署名の部品)."""
    rows = [row_of(one) for one in cosigners_of(case)]
    can_ask = not is_over(case.workflow, case.state) and case.state != "approved"
    if not rows and not can_ask:
        return None
    return Panel("apply/cosigners.html", {"rows": rows, "can_ask": can_ask, "key": new_key(request)})


@open_to_all
@never_cache
@require_POST
def ask(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """Ask somebody to sign too; their code is shown once (共同の署名の依頼)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None:
                raise Http404
            context, codes = framed(request, place, case.language), list[str]()

            def act() -> int:
                made = ask_to_sign(actor=holder(request), case=case.pk, name=request.POST.get("name", ""))
                codes.append(made.code)
                return int(made.cosigner.pk)

            pressed_once(request, holder(request), act)
            context |= {
                "case": case, "title": case.asked.title.said(context["language"]), "code": "".join(codes),
                "name": request.POST.get("name", "").strip(),
            }  # fmt: skip
    except Refused as refused:
        return told(request, place, refused, 422)
    return shown(request, "cosigner_asked", context)


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cosign_page(request: HttpRequest, town: str) -> HttpResponse:
    """Whoever was asked types their code, sees what they sign, and signs with their own card (共同の署名)."""
    place = town_of(town)
    with wall.within(place.pk):
        session = visitor(request)
    context = framed(request, place, session=session)
    if session is None:
        return shown(request, "cosign", context | {"way_in": way_in(request, place.code)})
    with override(context["language"]):
        form = CodeForm(request.POST if request.method == "POST" else None)
        form.fields["code"].label = gettext("署名番号")
        form.fields["code"].help_text = gettext("申請した方から受け取った12文字です。")
        if form.is_bound and form.is_valid():
            try:
                return _with_code(request, place, session, form.cleaned_data["code"], context)
            except Refused as refused:
                show(form, refused)
    return shown(request, "cosign", context | {"form": form}, 422 if form.errors else 200)


def _with_code(
    request: HttpRequest, place: Municipality, session: ApplicantSession, code: str, context: dict[str, Any]
) -> HttpResponse:
    with wall.within(place.pk):
        found = cosigner_of(code, session.applicant)
        digest, language = cosigned_digest(found.case), context["language"]
        rows = answered(cosigned_fields(found.case), cosigned_answers(found.case), found.case.people, language, {})
        context |= {
            "title": found.case.asked.title.said(language), "applicant": found.case.applicant.get("name", ""),
            "rows": [row for row in rows if row["lines"]], "code": code, "is_done": found.signed_at is not None,
        }  # fmt: skip
    is_signing = "pin" in request.POST and not context["is_done"]
    form = SignForm(request.POST if is_signing else None)
    if is_signing and form.is_valid() and is_simulated(place):
        try:
            made = sign(town=place.pk, number=form.cleaned_data["number"], pin=form.cleaned_data["pin"],
                        text=digest.encode())  # fmt: skip
            with wall.within(place.pk):
                cosign(actor=session.applicant, code=code, signed=made)
            context["is_done"] = True
        except Refused as refused:
            show(form, refused)
    return shown(request, "cosign_sign", context | {"form": form}, 422 if form.errors else 200)
