"""What the municipality has already, on one page for a whole bundle (役所にある情報の画面)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from municipal.applications.bundling.holding import answer_all, labels, united
from municipal.applications.bundling.reading import Reading, read
from municipal.applications.operations.bundles import token_of
from municipal.applications.prefill import is_hidden
from municipal.applications.rules.applicant import HELD
from municipal.core.refusals import Refused
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.web.forms.held import HeldForm

from .applicant_doors import holder
from .bundle_doors import onwards
from .events import shown
from .held_items import row


def held_page(request: HttpRequest, place: Municipality, reading: Reading, context: dict[str, Any]) -> HttpResponse:
    """Every value once with source, day and law; what the law wants said is confirmed once (引用の確認)."""
    language, (filled, where) = context["language"], united(reading)
    names = labels(reading, where, language)
    with override(language):
        form = HeldForm(filled, names, request.POST or None)
        if form.is_bound and form.is_valid():
            tokens = [token_of(reading.bundle, number) for number in range(1, len(reading.drafts) + 1)]
            try:
                answer_all(holder(request), reading, where, form.said, tokens)
            except Refused as refused:
                form.add_error(None, sentence(refused))
            else:
                return onwards(read(reading.bundle), HELD, place, language)
        hidden = is_hidden(reading.bundle.about_id)
        rows = [_row(form, name, row(name, one, names[name], hidden=hidden)) for name, one in filled.items()]
        context |= {"form": form, "rows": rows}
    return shown(request, "held", context, 422 if form.errors else 200)


def _row(form: HeldForm, name: str, said: dict[str, Any]) -> dict[str, Any]:
    fields = {kind: form[f"{kind}__{name}"] if f"{kind}__{name}" in form.fields else None for kind in ("right", "text")}
    return said | fields


def held_rows(reading: Reading, language: str) -> list[dict[str, Any]]:
    """The same for the page on which everything is checked (確認の行)."""
    filled, where = united(reading)
    names, hidden = labels(reading, where, language), is_hidden(reading.bundle.about_id)
    return [row(name, one, names[name], hidden=hidden) for name, one in filled.items()]
