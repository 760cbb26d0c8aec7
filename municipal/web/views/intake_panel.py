"""How a case came from the national portal, on the page where the office works on it (申請管理の部品)."""

from django.http import HttpRequest
from django.utils.translation import gettext

from municipal.applications.models import Case, Channel
from municipal.intake.models import Received
from municipal.intake.words import words
from municipal.web.panels import Panel, for_clerks

from . import people
from .casework import language


@for_clerks(70)
def national(request: HttpRequest, case: Case) -> Panel | None:
    """Receipt number, signature, what the portal was told; nothing for cases that came another way (国の申請サイト)."""
    if case.channel != Channel.NATIONAL:
        return None
    found = Received.objects.filter(case=case).defer("content").order_by("pk").first()
    if found is None:
        return None
    known = words()
    signature = {
        True: gettext("確かめました"), False: gettext("内容と合いません"), None: gettext("確かめられません"),
    }[found.is_signature_good]  # fmt: skip
    return Panel("intake/panel.html", {
        "id": found.pk, "receipt": found.receipt, "serial": found.serial, "signature": signature,
        "applied_at": people.moment(found.applied_at) if found.applied_at else "",
        "may_open": "applications.intake" in request.permissions,  # type: ignore[attr-defined]
        "told": [
            {"word": known[one.word].said(language()), "state": gettext(str(one.get_state_display()))}
            for one in found.reports.order_by("number")
        ],
    })  # fmt: skip
