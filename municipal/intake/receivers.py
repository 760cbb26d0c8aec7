"""What follows a case: the portal is to be told of its steps, and who applied is forgotten with it (申請の受け手)."""

from municipal.applications.following import MOVED
from municipal.applications.operations.keeping import FORGOTTEN
from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives

from .operations import PORTAL, forget, note_steps


@receives(MOVED)
def tell_portal(event: OutboxEvent) -> None:
    """Note what the portal has to be told of the case; repeated or in disorder, nothing is lost (登録の用意)."""
    note_steps(event.payload["case"])


@receives(FORGOTTEN)
def forget_with_case(event: OutboxEvent) -> None:
    """Nothing of whoever applied outlives the case; repeated, nothing is left to do (匿名化の続き)."""
    forget(actor=PORTAL, case=event.payload["case"])
