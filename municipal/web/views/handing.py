"""The certificate that comes by itself with a decision (本登録に伴う証明書の交付; resident-record/1.0#4.1.3.0.3)."""

from django.contrib import messages
from django.utils.translation import gettext

from municipal.certificates.operations import hand_out
from municipal.certificates.operations.handing_out import AUTOMATIC
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest
from municipal.municipalities.sentences import sentence
from municipal.residents.models import ResidentEvent


@implements("resident-record/1.0#4.1.3.0.3/m1")
def with_its_document(request: StaffRequest, event: ResidentEvent) -> ResidentEvent:
    """Issue what the act brings with it; where that cannot be, the act stands and the clerk is told (自動交付)."""
    if event.document not in AUTOMATIC:
        return event
    try:
        hand_out(actor=request.staff, event=event)
    except Refused as refused:
        request.refusals.append(refused)
        messages.warning(request, gettext("証明書を発行できませんでした。") + sentence(refused))
    else:
        messages.success(request, gettext("証明書を発行しました。交付履歴から印刷してください。"))
    return event
