"""What stands around the questions of a page: the step bar, the way back, the way on (申請フォームの枠)."""

from typing import Any

from django.http import HttpResponse

from municipal.applications.models import Draft
from municipal.municipalities.models import Municipality

from .apply import order_of, steps_of, to


def around(draft: Draft, page: str, language: str) -> dict[str, Any]:
    """Steps, where we are, the page before (頁の枠)."""
    steps, order = steps_of(draft, page, language), order_of(draft)
    return {
        "draft": draft, "steps": steps, "here": next(one for one in steps if one["is_here"]), "count": len(steps),
        "title": draft.asked.title.said(language), "before": order[order.index(page) - 1] if order.index(page) else "",
        "expires_on": draft.expires_at,
    }  # fmt: skip


def onwards(draft: Draft, page: str, place: Municipality, language: str) -> HttpResponse:
    """To the page after this one; to the first where this one is there no more (次の頁へ)."""
    order = order_of(draft)
    following = order[order.index(page) + 1] if page in order else order[0]
    if following == order[-1]:
        return to("check", language, place.code, draft.public)
    return to("page", language, place.code, draft.public, following)
