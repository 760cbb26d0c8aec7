"""One page of a bundle: one topic, each question once for all procedures (手続一式のフォームの画面)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from municipal.applications.bundling.parts import PEOPLE
from municipal.applications.bundling.reading import Reading, read
from municipal.applications.models import Attachment
from municipal.applications.operations.bundles import token_of, write_bundle
from municipal.applications.operations.drafting import attach, detach
from municipal.applications.rules.applicant import HELD, PAPERS, YOU
from municipal.applications.rules.attachments import LARGEST
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Field
from municipal.web.forms.applying import PageForm, row_counts, typed
from municipal.web.forms.bundles import PEOPLE_FIELD, named
from municipal.web.uploads import refusal_of

from .applicant_doors import holder
from .apply import told
from .applying import DETACH, LESS, MORE, NEXT, Pressed, file_response, rearranged
from .bundle_doors import around, asked_slots, of_applicant, onwards, opened, order_of, to
from .bundle_files import files_of, owners, sections
from .bundle_held import held_page
from .events import shown
from .pay import town_of


def questions_of(reading: Reading, page: str) -> list[Field]:
    """What a page asks after the answers so far (頁の質問)."""
    if page == YOU:
        return list(of_applicant(reading))
    if page == PEOPLE:
        return [PEOPLE_FIELD]
    if page == PAPERS:
        return [paper.field for paper in reading.papers]
    return [slot.field for slot in asked_slots(reading, page)]


def kept_of(reading: Reading, page: str) -> dict[str, Any]:
    """What was answered on a page, as its form wants it (頁の回答)."""
    if page == YOU:
        return dict(reading.bundle.applicant)
    if page == PEOPLE:
        return {PEOPLE_FIELD.name: [one for one in reading.bundle.people if one.startswith(PEOPLE_FIELD.name)]}
    return reading.fields


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, town: str, public: UUID, page: str) -> HttpResponse:
    """The questions of one page; what was answered is kept before the next one is shown (一式の一頁)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            reading = read(opened(request, public))
            context = around(request, place, reading, page)
            if reading.bundle.submitted_at is not None:
                return to("receipt", context["language"], place, public)
            if page not in order_of(reading)[:-1]:
                raise Http404
            if page == HELD:
                return held_page(request, place, reading, context)
            if request.method == "POST":
                return _kept(request, place, reading, page, context)
            return _shown(request, reading, page, context, _fresh(reading, page, context["language"]))
    except Refused as refused:
        return told(request, place, refused)


def _fresh(reading: Reading, page: str, language: str) -> PageForm:
    questions, kept = questions_of(reading, page), kept_of(reading, page)
    counts = row_counts(questions, kept, {})
    return PageForm(questions, language, counts, initial=typed(questions, kept, reading.bundle.people))


def _kept(
    request: HttpRequest, place: Municipality, reading: Reading, page: str, context: dict[str, Any]
) -> HttpResponse:
    pressed, questions, language = Pressed.of(request), questions_of(reading, page), context["language"]
    kept = kept_of(reading, page)
    if pressed.act in (MORE, LESS):
        return _shown(request, reading, page, context, rearranged(request, pressed, questions, kept, language))
    form = PageForm(questions, language, row_counts(questions, kept, request.POST.dict()), request.POST)
    with override(language):
        is_good = form.is_valid()
    if pressed.act == DETACH:
        _detached(request, reading, pressed.what)
    # What was typed well is kept although something else was not, so that nothing is lost on the way.
    reading = _saved(request, reading, page, form, questions)
    if not _files_taken(request, reading, form) or (not is_good and pressed.act == NEXT):
        return _shown(request, reading, page, context, form, 422)
    new = {one.name for one in questions_of(reading, page)} - {one.name for one in questions}
    if new or pressed.act != NEXT:
        return to("page", language, place, reading.bundle.public, page, **({"new": "1"} if new else {}))
    return onwards(reading, page, place, language)


def _saved(request: HttpRequest, reading: Reading, page: str, form: PageForm, questions: list[Field]) -> Reading:
    bundle = reading.bundle
    applicant, fields, people = dict(bundle.applicant), reading.fields, dict(bundle.people)
    if page == YOU:
        applicant = form.answers
    elif page == PEOPLE:
        people = named(people, form.people)
    else:
        people = _without(people, {one.name for one in questions}) | form.people
        fields = _without(fields, {one.name for one in questions}) | form.answers
    return read(
        write_bundle(actor=holder(request), bundle=bundle, applicant=applicant, fields=fields, people=people)
    )  # fmt: skip


def _without(kept: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name.partition("-")[0] not in names}


def _files_taken(request: HttpRequest, reading: Reading, form: PageForm) -> bool:
    """Keep each file with every application that needs it; False where one was refused, and the form says why."""
    wrong = [refused] if (refused := refusal_of(request)) else []
    for section in form.sections:
        for name, _label in section.files:
            for file in request.FILES.getlist(name):
                content = file.read(LARGEST + 1)
                try:
                    for draft, field in owners(reading, name):
                        attach(actor=holder(request), to=draft, field=field, name=file.name or "", content=content)
                except Refused as one:
                    wrong.append(one)
    for said in wrong:
        form.add_error(None, sentence(said))
    return not wrong


def _detached(request: HttpRequest, reading: Reading, ref: str) -> None:
    """Take a file off every application of the bundle that has it."""
    found = next((one for one in files_of(reading) if str(one.ref) == ref), None)
    if found is None:
        return
    numbers = {draft.pk: number for number, draft in enumerate(reading.drafts, 1)}
    for one in Attachment.objects.filter(draft__bundle=reading.bundle, sha256=found.sha256).select_related("draft"):
        if one.draft is not None:
            token = token_of(reading.bundle, numbers[one.draft.pk])
            detach(actor=holder(request), draft=one.draft.public, token=token, ref=one.ref)


def _shown(
    request: HttpRequest, reading: Reading, page: str, context: dict[str, Any], form: PageForm, status: int = 200
) -> HttpResponse:
    language = context["language"]
    uses = {slot.key: list(dict.fromkeys(part.entry.title.said(language) for part in slot.uses))
            for slot in reading.slots}  # fmt: skip
    uses |= {paper.field.name: list(dict.fromkeys(part.entry.title.said(language) for part in paper.uses))
             for paper in reading.papers}  # fmt: skip
    context |= {
        "form": form, "sections": sections(form, reading, language, uses), "has_new": request.GET.get("new") == "1",
        "is_you": page == YOU, "is_papers": page == PAPERS, "is_people": page == PEOPLE,
        "known": _register(reading, page),
    }  # fmt: skip
    return shown(request, "page", context, status)


def _register(reading: Reading, page: str) -> list[str]:
    """Names of those whom the register gave, on the page of people."""
    if page != PEOPLE:
        return []
    return [
        one["name"] for ref, one in reading.known.people.items() if ref in reading.bundle.answers.get("members", [])
    ]


@open_to_all
@never_cache
@require_safe
def attached(request: HttpRequest, town: str, public: UUID, ref: UUID) -> HttpResponse:
    """A file of this bundle, and of no other (添付の表示)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            bundle = opened(request, public)
            found = Attachment.objects.filter(draft__bundle=bundle, ref=ref).first()
            if found is None:
                raise Http404
            return file_response(found)
    except Refused as refused:
        return told(request, place, refused)
