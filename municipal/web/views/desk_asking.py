"""Asking at the desk: what the sources say stands there, the rest is asked once (聞取りの画面)."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from municipal.applications.counter.counting import OF_THE_MOVE
from municipal.applications.counter.questions import Said, once, spread, without_law
from municipal.applications.counter.sources import RECEIVED, Member, members
from municipal.applications.models import Draft, Reception
from municipal.applications.operations import attach
from municipal.applications.operations.at_the_counter import drafts_of, note, reception_of
from municipal.applications.rules.applicant import asked_of_applicant
from municipal.applications.rules.attachments import LARGEST
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Field
from municipal.web.forms.applying import MOST_ROWS
from municipal.web.forms.desk import OTHER, DeskForm, WhoForm, kept
from municipal.web.forms.desk_held import WrittenForm
from municipal.web.uploads import refusal_of

from .applying import sections_of
from .casework import language
from .desk import read

Forms = list[tuple[Draft, DeskForm]]
SCAN = "paper-scan"
"""Where the picture of a paper that came by post is kept; no question asks for it."""


def who_questions(reception: Reception, drafts: Sequence[Draft]) -> list[Field]:
    """What has to be said of who applies, over all procedures; of a registered person only the telephone (申請者)."""
    is_known = reception.bundle.about_id is not None
    found: dict[str, Field] = {}
    for draft in drafts:
        found |= {one.name: one for one in asked_of_applicant(draft.asked, is_known=is_known)}
    if is_known and "name" not in found:
        # Whoever stands here may be somebody else than the person concerned.
        found = {one.name: one for one in asked_of_applicant(drafts[0].asked) if one.name == "name"} | found
    return list(found.values())


@needs("applications.counter")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Every question of every chosen procedure once; what is known is shown with its source (聞取り)."""
    asked, found = cast(StaffRequest, request), reception_of(reception)
    if found.handed_in_at is not None:
        return redirect("desk:done", found.public)
    drafts, people = drafts_of(found), members(found.who, clock.today())
    if not drafts:
        return redirect("desk:plan", found.public)
    read(asked, people)
    if request.method != "POST":
        who, written = _who(found, drafts, people, None), WrittenForm(without_law(drafts))
        return _page(request, found, people, who, _forms(drafts, people, None), written)
    who, forms = _who(found, drafts, people, request.POST), _forms(drafts, people, request.POST)
    written = WrittenForm(without_law(drafts), request.POST)
    if not _all_valid(who, forms, written):
        return _page(request, found, people, who, forms, written, 422)
    before = [[one.name for one in fields] for _draft, fields in once(drafts)]
    _keep(asked, found, who, forms, people, written.said())
    files_are_good = _take_files(asked, found, forms, who)
    act = request.POST.get("act", "next")
    after = [[one.name for one in fields] for _draft, fields in once(drafts_of(found))]
    if files_are_good and act == "next" and before == after:
        return redirect("desk:check", found.public)
    again = drafts_of(found)
    extra = act.removeprefix("more:") if act.startswith("more:") else ""
    fresh = _forms(again, people, None, extra=extra)
    shown_who = _who(found, again, people, None) if files_are_good else who
    status = 200 if files_are_good else 422
    return _page(request, found, people, shown_who, fresh, written, status, is_more=before != after)


def _all_valid(who: WhoForm, forms: Forms, written: WrittenForm) -> bool:
    """Every form is looked at, so that every fault is shown at once."""
    return all([who.is_valid(), written.is_valid(), *(form.is_valid() for _draft, form in forms)])


def _who(found: Reception, drafts: Sequence[Draft], people: Sequence[Member], data: QueryDict | None) -> WhoForm:
    said = found.bundle.applicant
    initial: dict[str, Any] = dict(said)
    if people:
        own = next((one for one in people if one.name == said.get("name")), None)
        initial["by"] = (own or people[0]).key if own or "name" not in said else OTHER
        if own is not None:
            initial |= {"name": "", "kana": "", "born_on": ""}
    return WhoForm(who_questions(found, drafts), people, data, initial)


def _forms(drafts: Sequence[Draft], people: Sequence[Member], data: QueryDict | None, extra: str = "") -> Forms:
    found: Forms = []
    for draft, questions in once(drafts):
        initial, rows = kept(questions, draft.answers, draft.people, people)
        for one in questions:
            if one.type in ("group", "people"):
                least = _rows_at_first(one, people, is_new=one.name not in draft.answers)
                count = max(rows.get(one.name, len(draft.answers.get(one.name) or [])), least)
                said = data.get(f"{draft.procedure}-{one.name}__rows", "") if data is not None else ""
                count = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else count
                count += 1 if extra == f"{draft.procedure}:{one.name}" else 0
                rows[one.name] = min(count, one.most or MOST_ROWS, MOST_ROWS)
        for one in questions:
            _suggest(initial, one, people)
        found.append((draft, DeskForm(draft.procedure, questions, rows, people, data, initial)))
    return found


def _rows_at_first(question: Field, people: Sequence[Member], *, is_new: bool) -> int:
    """A row for everybody of the household where a row is about one of them; people themselves are ticked."""
    if question.type == "people":
        return 0 if people else 1
    is_about_people = any(one.type in ("people", "person") for one in question.fields)
    return max(len(people), 1) if is_new and is_about_people and question.most != 1 else 1


def _suggest(initial: dict[str, Any], question: Field, people: Sequence[Member]) -> None:
    """What a source suggests stands in the field, to be confirmed: the planned day, the only person."""
    day = next((one.planned_on for one in people if one.planned_on), None)
    if question.name in OF_THE_MOVE and question.name not in initial and day is not None:
        initial[question.name] = day
    if question.type == "people" and len(people) == 1 and f"{question.name}__member" not in initial:
        initial[f"{question.name}__member"] = [people[0].key]
    if question.type == "group" and not any(name.startswith(f"{question.name}__") for name in initial):
        for inner in question.fields:
            if inner.type in ("people", "person") and question.most != 1 and len(question.fields) > 1:
                keys = {f"{question.name}__{at}__{inner.name}__member": one.key for at, one in enumerate(people)}
                initial.update(keys)


def _keep(
    request: StaffRequest, found: Reception, who: WhoForm, forms: Forms, people: Sequence[Member],
    written: dict[str, str],
) -> None:  # fmt: skip
    applicant = who.applicant(found.bundle.about_id)
    said: Said = {}
    for draft, form in forms:
        names = {one.name for one in form.questions}
        answers = {name: value for name, value in draft.answers.items() if name not in names} | form.answers
        others = {ref: one for ref, one in draft.people.items() if ref.partition("-")[0] not in names}
        said[draft.procedure] = answers, others | form.people
    place = applicant.get("address", "") if any(one.source == RECEIVED for one in people) else ""
    drafts = [draft for draft, _form in forms]
    note(
        actor=request.staff, reception=found.public, applicant=applicant, said=spread(drafts, said, applicant, place),
        written=written,
    )  # fmt: skip
    found.bundle.refresh_from_db()


def _take_files(request: StaffRequest, found: Reception, forms: Forms, who: WhoForm) -> bool:
    wrong = [refused] if (refused := refusal_of(request)) else []
    targets = [(draft, form.add_prefix(name), name) for draft, form in forms for one in form.sections
               for name, _label in one.files]  # fmt: skip
    if forms and found.channel == "paper":
        targets.append((forms[0][0], SCAN, SCAN))
    for draft, sent, name in targets:
        for file in request.FILES.getlist(sent):
            try:
                attach(actor=request.staff, to=draft, field=name, name=file.name or "", content=file.read(LARGEST + 1))
            except Refused as one:
                wrong.append(one)
    for said in wrong:
        who.add_error(None, sentence(said))
    return not wrong


def _page(
    request: HttpRequest, found: Reception, people: Sequence[Member], who: WhoForm, forms: Forms,
    written: WrittenForm, status: int = 200, *, is_more: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "reception": found, "people": people, "who": who, "form": who, "written": written,
        "is_more": is_more,
        "is_new": any(one.source == RECEIVED for one in people), "tag": "ja",
        "parts": [
            {
                "code": draft.procedure, "title": draft.asked.title.said(language()),
                "sections": _sections(form, draft), "errors": form.errors,
            }
            for draft, form in forms if form.sections
        ],
        "scans": [one for draft, _form in forms for one in draft.attachments.filter(field=SCAN).defer("content")],
        "is_paper": found.channel == "paper",
    }  # fmt: skip
    return render(request, "desk/ask.html", context, status=status)


def _sections(form: DeskForm, draft: Draft) -> list[dict[str, Any]]:
    """The questions for the template; rows and files carry the name of their procedure."""
    rows = sections_of(form, draft, "ja")
    for one in rows:
        one["posted"] = form.add_prefix(one["name"])
        one["files"] = [file | {"posted": form.add_prefix(file["name"])} for file in one["files"]]
        one["may_add"] = one["has_more"] or any(
            question.name == one["name"] and question.type in ("people", "group") for question in form.questions
        )  # fmt: skip
    return rows
