"""Links from one page of a list to the next (ページ送り)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext


def pager(page: Any, request: HttpRequest) -> dict[str, str] | None:
    """Links to the pages before and after, with the filter kept."""
    if page.paginator.num_pages < 2:
        return None
    query = request.GET.copy()

    def link(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    position = gettext("%(page)s / %(pages)sページ") % {"page": page.number, "pages": page.paginator.num_pages}
    return {
        "position": position,
        "previous_url": link(page.previous_page_number()) if page.has_previous() else "",
        "next_url": link(page.next_page_number()) if page.has_next() else "",
    }
