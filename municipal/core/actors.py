"""Who acts: known to the audit by kind and id only, so that it needs no upper room (行為者)."""

from dataclasses import dataclass
from typing import Protocol

STAFF, RESIDENT, DELEGATE, SYSTEM = "staff", "resident", "delegate", "system"
KINDS = (STAFF, RESIDENT, DELEGATE, SYSTEM)


class Actor(Protocol):
    """Staff, a resident, a resident's delegate, or the system itself (行為者)."""

    @property
    def actor_kind(self) -> str:
        """One of KINDS."""

    @property
    def actor_id(self) -> int:
        """The id of the account within the municipality; 0 for the system."""


@dataclass(frozen=True)
class System:
    """The system acting by itself: scheduled jobs, the loading of a town (システム)."""

    name: str = "system"
    actor_kind: str = SYSTEM
    actor_id: int = 0
