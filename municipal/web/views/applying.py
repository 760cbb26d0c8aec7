"""One page of an application: one topic, kept when the applicant goes on (申請フォームの画面)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from municipal.applications.models import Attachment, Case, Draft
from municipal.applications.operations import APPLICANT, attach, detach, save
from municipal.applications.rules.answers import asked, pruned
from municipal.applications.rules.applicant import HELD, PAPERS, YOU, asked_of_applicant, papers
from municipal.applications.rules.attachments import KINDS, LARGEST
from municipal.applications.standing import known_of, person_of
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Field
from municipal.web.forms.applying import MOST_ROWS, PageForm, row_counts, typed
from municipal.web.uploads import refusal_of

from .applicant_doors import holder, opened, token_of
from .apply import framed, order_of, shown, to, told
from .form_pages import around, onwards
from .held import held_page
from .pay import town_of

MORE, LESS, DETACH, STAY, NEXT = "more", "less", "detach", "stay", "next"


@dataclass(frozen=True)
class Pressed:
    """The button that was pressed and what it is about (押されたボタン)."""

    act: str
    what: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Pressed":
        """Read from the form that was sent (送信の読取り)."""
        act, _colon, what = request.POST.get("act", NEXT).partition(":")
        return cls(act, what)


def questions_of(draft: Draft, page: str) -> Sequence[Field]:
    """What a page asks after the answers so far (頁の質問)."""
    if page == YOU:
        return asked_of_applicant(draft.asked, is_known=person_of(draft) is not None)
    if page == PAPERS:
        return papers(draft.asked)
    return [one for one in asked(draft.asked.asks, draft.answers) if one.page == page]


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, town: str, draft: UUID, page: str) -> HttpResponse:
    """The questions of one page; what was answered is kept before the next one is shown (申請の一頁)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found = opened(request, draft)
            context = framed(request, place, found.language)
            if found.case_id is not None:
                return to("receipt", context["language"], place.code, draft)
            if page not in order_of(found)[:-1]:
                raise Http404
            if page == HELD:
                return held_page(request, place, found, context)
            if request.method == "POST":
                return _kept(request, place, found, page, context)
            return _form_page(request, found, page, context, _fresh(found, page, context["language"]))
    except Refused as refused:
        return told(request, place, refused)


def _fresh(draft: Draft, page: str, language: str) -> PageForm:
    questions, kept = questions_of(draft, page), draft.applicant if page == YOU else draft.answers
    return PageForm(questions, language, row_counts(questions, kept, {}), initial=typed(questions, kept, draft.people))


def rearranged(
    request: HttpRequest, pressed: Pressed, questions: Sequence[Field], kept: Mapping[str, Any], language: str
) -> PageForm:
    """The same page with a row more or less and everything that was typed, which is not looked at yet (行の増減)."""
    counts = row_counts(questions, kept, request.POST.dict())
    if pressed.what in counts:
        most = next(one.most for one in questions if one.name == pressed.what) or MOST_ROWS
        counts[pressed.what] = max(1, min(counts[pressed.what] + (1 if pressed.act == MORE else -1), most, MOST_ROWS))
    form = PageForm(questions, language, counts)
    form.initial = {
        name: request.POST.getlist(name) if field.__class__.__name__ == "MultipleChoiceField" else request.POST[name]
        for name, field in form.fields.items() if name in request.POST
    }  # fmt: skip
    return form


def _kept(request: HttpRequest, place: Municipality, draft: Draft, page: str, context: dict[str, Any]) -> HttpResponse:
    pressed, questions, language = Pressed.of(request), questions_of(draft, page), context["language"]
    kept = draft.applicant if page == YOU else draft.answers
    if pressed.act in (MORE, LESS):
        return _form_page(request, draft, page, context, rearranged(request, pressed, questions, kept, language))
    form = PageForm(questions, language, row_counts(questions, kept, request.POST.dict()), request.POST)
    with override(language):
        is_good = form.is_valid()
    if pressed.act == DETACH and _is_uuid(pressed.what):
        detach(actor=holder(request), draft=draft.public, token=token_of(request), ref=UUID(pressed.what))
    # What was typed well is kept although something else was not, so that nothing is lost on the way.
    draft = _saved(request, draft, page, form, questions)
    if not take_files(request, draft, form) or (not is_good and pressed.act == NEXT):
        return _form_page(request, draft, page, context, form, 422)
    new = [one for one in questions_of(draft, page) if one.name not in {field.name for field in questions}]
    if new or pressed.act != NEXT:
        return to("page", language, place.code, draft.public, page, **({"new": "1"} if new else {}))
    return onwards(draft, page, place, language)


def _saved(request: HttpRequest, draft: Draft, page: str, form: PageForm, questions: Sequence[Field]) -> Draft:
    names = {one.name for one in questions}
    applicant, answers = dict(draft.applicant), dict(draft.answers)
    kept = applicant if page == YOU else answers
    for name in names:
        kept.pop(name, None)
    kept |= form.answers
    people = merged(draft.people, form.people, names)
    return save(
        actor=holder(request), draft=draft.public, token=token_of(request), page=page, applicant=applicant,
        answers=pruned(draft.asked.asks, answers), people=people,
    )  # fmt: skip


def merged(kept: Mapping[str, Any], new: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """People of other pages as they are, those of this page as they were typed now (人の控え)."""
    return {ref: one for ref, one in kept.items() if ref.partition("-")[0] not in names} | dict(new)


def take_files(request: HttpRequest, owner: Draft | Case, form: PageForm) -> bool:
    """Keep the files of a page; False where one was refused, and the form says why (添付の受取り)."""
    wrong = [refused] if (refused := refusal_of(request)) else []
    for section in form.sections:
        for name, _label in section.files:
            for file in request.FILES.getlist(name):
                try:
                    attach(actor=APPLICANT, to=owner, field=name, name=file.name or "", content=file.read(LARGEST + 1))
                except Refused as one:
                    wrong.append(one)
    for said in wrong:
        form.add_error(None, sentence(said))
    return not wrong


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _form_page(
    request: HttpRequest, draft: Draft, page: str, context: dict[str, Any], form: PageForm, status: int = 200
) -> HttpResponse:
    language = context["language"]
    context |= around(draft, page, language) | {
        "form": form, "sections": sections_of(form, draft, language), "has_new": request.GET.get("new") == "1",
        "is_you": page == YOU, "is_papers": page == PAPERS, "known": known_of(draft) if page == YOU else None,
    }  # fmt: skip
    return shown(request, "page", context, status)


def sections_of(form: PageForm, owner: Draft | Case, language: str) -> list[dict[str, Any]]:
    """The questions of a page for its template: fields, rows, files that are there (質問の表示)."""
    there = list(owner.attachments.order_by("pk").defer("content"))
    return [
        {
            "name": one.question.name, "label": one.question.label.said(language),
            "help": one.question.help.said(language) if one.question.help else "",
            "is_required": one.question.is_required, "is_plain": len(one.names) == 1,
            "fields": [form[name] for name in one.names], "rows": [[form[name] for name in row] for row in one.rows],
            "count": len(one.rows), "has_more": bool(one.rows) and len(one.rows) < one.most,
            "has_less": len(one.rows) > 1,
            "files": [
                {"name": name, "label": label, "there": [file for file in there if file.field == name]}
                for name, label in one.files
            ],
        }
        for one in form.sections
    ]  # fmt: skip


def file_response(file: Attachment) -> HttpResponse:
    """An attached file, a picture to be looked at, a PDF to be saved; never as a page of ours (添付の応答)."""
    response = HttpResponse(bytes(file.content), content_type=KINDS[file.kind][0])
    how = "attachment" if file.kind == "PDF" else "inline"
    response["Content-Disposition"] = f'{how}; filename="{file.ref}.{KINDS[file.kind][1]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return response


@open_to_all
@never_cache
@require_safe
def attached(request: HttpRequest, town: str, draft: UUID, ref: UUID) -> HttpResponse:
    """A file of this draft, and of no other (添付の表示)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found = opened(request, draft).attachments.filter(ref=ref).first()
            if found is None:
                raise Http404
            return file_response(found)
    except Refused as refused:
        return told(request, place, refused)
