"""The page that shows an applicant what the municipality has of them already (役所にある情報の画面)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from municipal.applications.models import Channel, Draft
from municipal.applications.operations import answer_held, prefill
from municipal.applications.prefill import Reader, is_to_be_checked
from municipal.applications.rules.applicant import HELD
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.web.forms.held import HeldForm

from .applicant_doors import holder, is_blind, token_of
from .apply import shown, to
from .form_pages import around, onwards
from .held_items import labels_of, rows


def reader_of(draft: Draft) -> Reader:
    """For whose eyes a draft is filled: staff, the person themselves, or who acts for them (引用を見る人)."""
    if draft.channel != Channel.ONLINE:
        return Reader.STAFF
    is_own = draft.account is None or draft.about_id == draft.account.person_id
    return Reader.OWN if is_own else Reader.DELEGATE


def held_page(request: HttpRequest, place: Municipality, draft: Draft, context: dict[str, Any]) -> HttpResponse:
    """Every value with source, day and law; what the law wants in the notice is confirmed (引用の確認)."""
    actor: Actor = holder(request)
    if is_blind(request) and not draft.filled:
        return to("page", context["language"], place.code, draft.public, HELD)
    if not draft.filled:
        draft = prefill(actor=actor, draft=draft, reader=reader_of(draft))
    language = context["language"]
    with override(language):
        form = HeldForm(draft.filled, labels_of(draft.asked, language), request.POST or None)
        if form.is_bound and form.is_valid():
            try:
                draft = answer_held(
                    actor=actor, draft=draft.public, token=token_of(request), said=form.said
                )  # fmt: skip
            except Refused as refused:
                form.add_error(f"text__{refused.field}" if refused.field else None, sentence(refused))
            else:
                return onwards(draft, HELD, place, language)
        context |= around(draft, HELD, language) | {"form": form, "rows": _with_fields(draft, form, language)}
        context["is_down"] = any(
            is_to_be_checked(one) and one.get("why") == "down" for one in draft.filled.values()
        )  # fmt: skip
    return shown(request, "held", context, 422 if form.errors else 200)


def _with_fields(draft: Draft, form: HeldForm, language: str) -> list[dict[str, Any]]:
    return [
        one | {
            "right": form[f"right__{one['name']}"] if f"right__{one['name']}" in form.fields else None,
            "text": form[f"text__{one['name']}"] if f"text__{one['name']}" in form.fields else None,
        }
        for one in rows(draft, language)
    ]  # fmt: skip
