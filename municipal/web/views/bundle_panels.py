"""On the page of a case: which bundle it belongs to (手続一式の表示)."""

from django.http import HttpRequest

from municipal.applications.bundling.events import life_events
from municipal.applications.models import Case
from municipal.web.panels import Panel, for_applicants, for_clerks

from .bundle_standing import followed_of, row_of


@for_clerks(65)
def for_office(request: HttpRequest, case: Case) -> Panel | None:
    """The other cases of the same event, so that the office sees what else is coming (同じできごとの申請)."""
    bundle = case.bundle
    if bundle is None:
        return None
    others = bundle.cases.exclude(pk=case.pk).order_by("pk")
    event = life_events().get(bundle.event)
    return Panel("bundles/for_clerks.html", {
        "event": event.title.ja if event else bundle.event,
        "cases": [row_of(one, "", "ja") | {"pk": one.pk} for one in others],
        "followed": followed_of(bundle, "ja"),
    })  # fmt: skip


@for_applicants(70)
def for_whom_it_is(request: HttpRequest, case: Case) -> Panel | None:
    """The way back to all of the bundle, whose own page asks who is there; a guest has no such page (一式への入口)."""
    if case.bundle is None or case.bundle.account_id is None:
        return None
    return Panel("bundles/for_applicants.html", {"public": case.bundle.public, "count": case.bundle.cases.count()})
