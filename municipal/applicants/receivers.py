"""What follows when something happened in the register: certificates, sessions and delegations end (異動の受け手)."""

from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.residents.operations.carrying_out import TOPIC

from .operations import REGISTER, close_for_the_dead, follow_register, known_among


@receives(TOPIC)
def follow(event: OutboxEvent) -> None:
    """Read what the register says now, whatever the act was; repeated, it changes nothing (異動への追随)."""
    people = known_among(event.subjects)
    if people:
        follow_register(actor=REGISTER, people=people)
        close_for_the_dead(actor=REGISTER, people=people)
