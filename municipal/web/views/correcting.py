"""Correcting what was sent back, and signing it again where the application was signed (申請の訂正の画面).

The PIN is tried with no door open, as when handing in: a wrong one counts whatever becomes of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from municipal.applicants.authority import Signature
from municipal.applicants.operations import sign
from municipal.applications.linked import papers_of
from municipal.applications.models import Case
from municipal.applications.operations import correct, to_sign_again
from municipal.applications.operations.correcting import answered, to_correct
from municipal.applications.rules.answers import People, asked
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.procedures.catalogue import Field
from municipal.web.forms.applying import PageForm, row_counts, typed
from municipal.web.forms.refusing import show
from municipal.web.forms.signing import SignForm

from .applicant_doors import holder
from .applied import opened_case, told_of
from .apply import framed, shown, to, told
from .applying import LESS, MORE, NEXT, Pressed, merged, rearranged, sections_of, take_files
from .pay import town_of


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_page(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """The questions that were sent back, with what was answered; nothing else can be changed (申請の訂正)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            made = _opened(request, place, number)
            wrong = made.filled() if request.method == "POST" else made.page()
        return wrong or made.handed_in()
    except Refused as refused:
        return told(request, place, refused, 422)


def _opened(request: HttpRequest, place: Municipality, number: str) -> "Correction":
    case = opened_case(request, place, number)
    if case is None or not to_correct(case):
        raise Http404
    context = framed(request, place, case.language)
    context |= told_of(case, context["language"])
    questions = _questions(case, case.answers)
    form = PageForm(
        questions, context["language"], row_counts(questions, case.answers, {}),
        initial=typed(questions, case.answers, case.people),
    )  # fmt: skip
    return Correction(request, place, case, context, form)


def _questions(case: Case, answers: dict[str, Any]) -> Sequence[Field]:
    names = to_correct(case)
    return [one for one in (*asked(case.asked.asks, answers), *papers_of(case)) if one.name in names]


@dataclass
class Correction:
    """One visit to the page: what was sent back and what is typed (訂正の入力)."""

    request: HttpRequest
    place: Municipality
    case: Case
    context: dict[str, Any]
    form: PageForm
    digest: str = ""

    @property
    def language(self) -> str:
        return str(self.context["language"])

    @cached_property
    def signing(self) -> SignForm | None:
        """The fields of the card, where the application was signed; judged only when all is to be handed in."""
        said = self.request.POST if self.request.POST.get("act") == NEXT else None
        return SignForm(said, prefix="sign") if self.case.signature else None

    @property
    def people(self) -> People:
        return merged({}, self.form.people, set())

    def page(self, status: int = 200) -> HttpResponse:
        """The questions as they stand; the door must be open."""
        sections = sections_of(self.form, self.case, self.language)
        # The list of errors on top is of one form: of the answers, and of the card once they are right.
        first = self.signing if self.signing and self.signing.errors and not self.form.errors else self.form
        context = self.context | {"form": first, "sections": sections, "signing": self.signing}
        return shown(self.request, "correct", context, status)

    def filled(self) -> HttpResponse | None:
        """Read what was sent and keep its files; the page again unless it can be handed in."""
        pressed, request, case = Pressed.of(self.request), self.request, self.case
        questions = _questions(case, case.answers)
        if pressed.act in (MORE, LESS):
            self.form = rearranged(request, pressed, questions, case.answers, self.language)
            return self.page()
        is_good = self._read(questions, case.answers)
        # Another answer may lead to another question: then it is asked on the same page, before anything is sent.
        whole = answered(case, self.form.answers)
        revealed = _questions(case, whole)
        if is_good and {one.name for one in revealed} - {one.name for one in questions}:
            is_good = self._read(revealed, whole)
        with override(self.language):
            is_signed = self.signing is None or not self.signing.is_bound or self.signing.is_valid()
        if not take_files(request, case, self.form) or not (is_good and is_signed) or pressed.act != NEXT:
            return self.page(422 if self.form.errors or not is_signed else 200)
        self.digest = to_sign_again(case, self.form.answers, self.people)
        return None

    def _read(self, questions: Sequence[Field], answers: dict[str, Any]) -> bool:
        said = self.request.POST
        self.form = PageForm(questions, self.language, row_counts(questions, answers, said.dict()), said)
        with override(self.language):
            return self.form.is_valid()

    def handed_in(self) -> HttpResponse:
        """Sign and hand in; the page again, with one sentence, where that is refused."""
        try:
            made = self._signed()
            with wall.within(self.place.pk):
                correct(
                    actor=holder(self.request), case=self.case.pk, seen=self.context["seen"], answers=self.form.answers,
                    people=self.people, signed=made,
                )  # fmt: skip
        except Refused as refused:
            with override(self.language), wall.within(self.place.pk):
                if self.signing is not None and refused.field in self.signing.fields:
                    show(self.signing, refused)
                else:
                    self.form.add_error(None, sentence(refused))
                return self.page(422)
        return to("case", self.language, self.place.code, self.case.number)

    def _signed(self) -> Signature | None:
        if self.signing is None:
            return None
        said = self.signing.cleaned_data
        return sign(town=self.place.pk, number=said["number"], pin=said["pin"], text=self.digest.encode())
