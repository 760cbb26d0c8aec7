"""Yen that are to move between accounts, before they are booked (振替の案)."""

from dataclasses import dataclass

from .models import Account, Charge


@dataclass(frozen=True)
class Move:
    """Yen that go from ``credit`` to ``debit`` on account of ``charge`` (振替の案)."""

    debit: Account
    credit: Account
    yen: int
    charge: Charge | None = None

    def back(self) -> "Move":
        """The same yen the other way (戻しの振替)."""
        return Move(self.credit, self.debit, self.yen, self.charge)
