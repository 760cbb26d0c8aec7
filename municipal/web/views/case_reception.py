"""How staff took a case in: identity, signature, what was typed and what was not (窓口受付の部品)."""

from django.http import HttpRequest
from django.utils.translation import gettext

from municipal.applications.models import Agreed, Case, Reception
from municipal.core.eras import wareki
from municipal.identity.models import Staff
from municipal.residents.models.event import IdentityCheck
from municipal.web.panels import Panel, for_clerks


@for_clerks(60)
def reception(request: HttpRequest, case: Case) -> Panel | None:
    """What the reception says of which the case came; nothing for others (窓口受付)."""
    found = Reception.objects.filter(bundle=case.bundle_id).exclude(handed_in_at=None).first()
    if found is None:
        return None
    by = Staff.objects.filter(pk=found.staff).first()
    return Panel("desk/panel.html", {
        "channel": found.get_channel_display(), "received_on": wareki(found.received_on), "by": by.name if by else "",
        "identity": gettext(str(IdentityCheck(found.identity_check).label)), "document": found.identity_document,
        "agreed": gettext(str(Agreed(found.agreed).label)), "remark": found.remark, "counts": found.counts,
    })  # fmt: skip
