"""What follows when something happened in the register: entitlements end, or hold again (異動の受け手)."""

from django.db.models import Q

from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.residents.operations.carrying_out import TOPIC

from .models import Entitlement
from .operations import REGISTER, follow_register


@receives(TOPIC)
def follow(event: OutboxEvent) -> None:
    """Read what the register says now, whatever the act was; repeated, it changes nothing (異動への追随)."""
    people = list(event.subjects)
    if Entitlement.objects.filter(Q(person__in=people) | Q(about__in=people)).exists():
        follow_register(actor=REGISTER, people=people)
