"""What follows when a case takes a step: the portal is to be told (処理状況の受け手)."""

from municipal.applications.following import MOVED
from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives

from .operations import note_steps


@receives(MOVED)
def tell_portal(event: OutboxEvent) -> None:
    """Note what the portal has to be told of the case; repeated or in disorder, nothing is lost (登録の用意)."""
    note_steps(event.payload["case"])
