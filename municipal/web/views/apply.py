"""Checking an application, handing it in, and the receipt (オンライン申請の画面).

Whoever begins gets a secret into the browser, and only with it the draft is opened again; where somebody is signed in,
only by them. Of who applies the register says what it holds, and of nobody else.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applications.keys import code_of
from municipal.applications.models import Case, Draft
from municipal.applications.operations import discard, refuse_unless_theirs, submit
from municipal.applications.operations.submitting import lacking
from municipal.applications.paper import write_receipt
from municipal.applications.prefill import has_any
from municipal.applications.rules.answers import People, asked, pages, said
from municipal.applications.rules.applicant import CHECK, HELD, PAGE_TITLES, PAPERS, YOU, asked_of_applicant, papers
from municipal.applications.standing import known_of, person_of
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Field
from municipal.web.languages import LANGUAGES, day_said, language_of, moment_said

from .applicant_doors import COOKIE, account_of, holder, is_blind, opened, token_of, way_in, who
from .downloads import download
from .held_items import check_rows
from .pay import town_of

STATUS = {"sign_in_needed": 401, "delegation_ended": 403}
"""How a refusal is answered, by its code; any other as the caller says."""
OFFERED = ("choice", "choices", "yes_no", "number", "group")
"""Answers that are read in the reader's language; what somebody typed is taken for Japanese."""


def framed(request: HttpRequest, town: Municipality, kept: str = "", **more: Any) -> dict[str, Any]:
    """What every page of an applicant shows: the town, the language, links to the other ones (画面の枠)."""
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else kept or language_of(request)
    others = []
    for code, name in LANGUAGES.items():
        query = request.GET.copy()
        query["lang"] = code
        others.append({"code": code, "name": name, "tag": code[:2], "url": f"?{query.urlencode()}"})
    return {"town": town, "language": language, "tag": language[:2], "languages": others, **more}


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page with its frame in the language that belongs to the texts (画面の表示).

    Whoever sent something after their session ended sees nothing before they sign in: it is kept meanwhile.
    """
    if is_blind(request):
        return redirect(f"{request.path}?{urlencode({'lang': context['language']})}")
    with override(context["language"]):
        return render(request, f"apply/{template}.html", context | who(request), status=status)


def to(name: str, language: str, *args: Any, **query: str) -> HttpResponse:
    """On to another page, in the same language (次の画面)."""
    return redirect(f"{reverse(f'apply:{name}', args=args)}?{urlencode({'lang': language, **query})}")


def told(request: HttpRequest, town: Municipality, refused: Refused, status: int = 404) -> HttpResponse:
    """A refusal as a page of its own, where there is no form to show it in (断りの画面)."""
    context = framed(request, town)
    with override(context["language"]):
        context["refusal"] = sentence(refused)
    if refused.code in ("sign_in_needed", "card_needed"):
        context["way_in"] = way_in(request, town.code)
    return shown(request, "refused", context, STATUS.get(refused.code, status))


def order_of(draft: Draft) -> list[str]:
    """The pages of a draft, in order (頁の順)."""
    held = [HELD] if has_any(draft.asked, draft.about) else []
    return [YOU, *pages(draft.asked, draft.answers), *([PAPERS] if papers(draft.asked) else []), *held, CHECK]


def steps_of(draft: Draft, here: str, language: str) -> list[dict[str, Any]]:
    """The step bar (手順の表示)."""
    titles = {name: title.said(language) for name, title in (*draft.asked.pages, *PAGE_TITLES.items())}
    return [
        {"page": one, "number": at, "title": titles[one], "is_here": one == here}
        for at, one in enumerate(order_of(draft), 1)
    ]


def answered(
    fields: Sequence[Field], answers: dict[str, Any], known: People, language: str, files: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """Questions and answers as they are read, names of attached files included (回答の一覧)."""
    rows = []
    for field in fields:
        value = answers.get(field.name)
        names = [name for path, found in files.items() if path.partition("__")[0] == field.name for name in found]
        lines = [] if field.type == "file" else said(field, value, known, language)
        rows.append(
            {"name": field.name, "label": field.label.said(language), "lines": [*lines, *names], "page": field.page,
             "tongue": language[:2] if field.type in OFFERED else "ja"}
        )  # fmt: skip
    return rows


def files_of(owner: Draft | Case) -> dict[str, list[str]]:
    """Names of attached files by the question they belong to (添付の一覧)."""
    found: dict[str, list[str]] = {}
    for field, name in owner.attachments.order_by("pk").values_list("field", "name"):
        found.setdefault(field, []).append(name)
    return found


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """Everything once more, each with a link to change it; then the button that hands it in (確認と提出)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found = opened(request, draft)
            context = framed(request, place, found.language)
            is_to_show = found.case_id is None and not found.filled and has_any(found.asked, found.about)
            if is_to_show and not lacking(found):
                return to("page", context["language"], place.code, draft, HELD)
            if found.case_id is not None or request.method == "POST":
                return _handed_in(request, place, found, context)
            return shown(request, "check", context | _checked(found, context["language"]))
    except Refused as refused:
        return told(request, place, refused)


def _handed_in(request: HttpRequest, place: Municipality, draft: Draft, context: dict[str, Any]) -> HttpResponse:
    """Sent twice, it is the same case: the draft knows what became of it."""
    is_to_sign = draft.asked.assurance == "signature" and draft.case_id is None and not lacking(draft)
    if is_to_sign and not is_blind(request):
        return to("sign", context["language"], place.code, draft.public)
    try:
        submit(actor=holder(request), draft=draft.public, token=token_of(request))
    except Refused as refused:
        with override(context["language"]):
            said_so = {"refusal": sentence(refused)}
        return shown(request, "check", context | _checked(draft, context["language"]) | said_so, 422)
    return to("receipt", context["language"], place.code, draft.public)


def _checked(draft: Draft, language: str) -> dict[str, Any]:
    entry, files, wrong = draft.asked, files_of(draft), set(lacking(draft))
    shown_pages, mine = set(order_of(draft)), asked_of_applicant(entry, is_known=person_of(draft) is not None)
    rows = [
        *answered(mine, draft.applicant, {}, language, {}),
        *(row for row in answered(entry.asks, draft.answers, draft.people, language, files)
          if row["page"] in shown_pages and (row["lines"] or row["name"] in wrong or _is_asked(draft, row["name"]))),
        *answered(papers(entry), {}, {}, language, files), *check_rows(draft, language),
    ]  # fmt: skip
    for row in rows:
        row["is_wrong"] = row["name"] in wrong
    return {
        "draft": draft, "title": entry.title.said(language), "steps": steps_of(draft, CHECK, language), "rows": rows,
        "is_complete": not wrong, "known": known_of(draft), "is_signed": entry.assurance == "signature",
        "is_account": draft.account_id is not None, "first": order_of(draft)[0],
    }  # fmt: skip


def _is_asked(draft: Draft, name: str) -> bool:
    return any(field.name == name for field in asked(draft.asked.asks, draft.answers))


@open_to_all
@require_POST
def discard_draft(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """Throw away what was written (下書きの破棄)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found = opened(request, draft)
            refuse_unless_theirs(found, account_of(request))
            code, language = found.procedure, found.language
            discard(actor=holder(request), draft=draft, token=token_of(request))
    except Refused as refused:
        return told(request, place, refused)
    response = to("start", language, place.code, code)
    response.delete_cookie(COOKIE, path=f"/apply/{place.code}/drafts/{draft}", samesite="Lax")
    return response


def _submitted(request: HttpRequest, draft: UUID) -> tuple[Draft, Case]:
    found = opened(request, draft)
    if found.case is None:
        raise Http404
    return found, found.case


@open_to_all
@never_cache
@require_safe
def receipt(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """The number and the code, to be kept, and what happens next (受付の控え)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found, case = _submitted(request, draft)
            context = framed(
                request, place, found.language, draft=found, number=case.number,
                code=code_of(token_of(request)), due_on=day_said(case.due_on),
                submitted_at=moment_said(case.submitted_at), is_account=case.account_id is not None,
            )  # fmt: skip
            context["title"] = case.asked.title.said(context["language"])
    except Refused as refused:
        return told(request, place, refused)
    return shown(request, "receipt", context)


@open_to_all
@never_cache
@require_safe
def receipt_file(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """The same on paper (申請の控え)."""
    place, file = town_of(town), BytesIO()
    try:
        with wall.within(place.pk):
            _found, case = _submitted(request, draft)
            write_receipt(file, case, code_of(token_of(request)))
    except Refused as refused:
        return told(request, place, refused)
    return download(file.getvalue(), f"application-{case.number}.pdf", "application/pdf")
