"""What happens when money was booked: whoever wants to be told is told (公金の通知の受け手)."""

from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.payments.announcements import CHARGED, COLLECTED, REFUNDED, REVERSED

from .operations.endpoints import call_for


@receives(CHARGED)
@receives(COLLECTED)
@receives(REFUNDED)
@receives(REVERSED)
def tell_endpoints(event: OutboxEvent) -> None:
    """Have every endpoint that wants it told; sending is another matter (通知先への通知)."""
    call_for(event)
