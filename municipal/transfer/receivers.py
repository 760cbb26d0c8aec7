"""What follows when something happened in the register: other systems are told at once, if so chosen (異動の連携)."""

from municipal.core.actors import System
from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives
from municipal.residents.operations.carrying_out import TOPIC

from .models import LinkageSettings
from .operations import is_due, linkage, tell_changes


@receives(TOPIC)
def tell_at_once(event: OutboxEvent) -> None:
    """Several acts that waited together make one file: the first one tells of all (即時の連携)."""
    found = linkage()
    if found.timing == LinkageSettings.Timing.AT_ONCE and is_due(found):
        tell_changes(actor=System("tell_changes"))
