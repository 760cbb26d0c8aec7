"""Other systems are told that a case took a step: its id and the number of the step, nobody's data (申請の通知)."""

from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.payments.announcements import tellable
from municipal.payments.operations.endpoints import call_for

from .following import MOVED


def _ids(event: OutboxEvent) -> dict[str, object]:
    """Messages come in no order: of two about one application, the one with the higher version is the newer."""
    return {"application": f"ap_{event.payload['case']}", "version": event.payload["step"]}


tellable(MOVED, _ids)


@receives(MOVED)
def tell_endpoints(event: OutboxEvent) -> None:
    """Have every endpoint that wants it told; sending is another matter (通知先への通知)."""
    call_for(event)
