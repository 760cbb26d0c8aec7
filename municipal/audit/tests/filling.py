"""A clerk and a chain with a few entries, for the tests (試験用の記録)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from conftest import TOWN
from municipal.audit.operations import asked_from, record
from municipal.municipalities import wall


@dataclass(frozen=True)
class Clerk:
    """A member of the staff, as far as the audit can see."""

    actor_kind: str = "staff"
    actor_id: int = 7


CLERK = Clerk()
REQUEST = UUID("6f3e2c1a-0000-4000-8000-000000000001")


def fill(entries: int, town: int = TOWN) -> None:
    """So many entries, in one transaction, with something awkward in each column."""
    with wall.within(town), asked_from(screen="counter", purpose="窓口\tの\\確認\n", request_id=REQUEST):
        for number in range(entries):
            record(
                actor=CLERK,
                act="residents.view",
                subjects=(100 + number, 500),
                fields=("name", "born_on"),
                source_at=datetime(2026, 1, 2, 3, 4, 5, number, UTC),
            )
