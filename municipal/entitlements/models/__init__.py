"""Entitlements and the files that say amounts (受給資格の記録)."""

from .entitlements import BY_REGISTER, MOST_YEN, TAKEN, AmountFrom, Cause, Entitlement, Per, State, days
from .files import AssessmentFile

__all__ = [
    "BY_REGISTER", "MOST_YEN", "TAKEN", "AmountFrom", "AssessmentFile", "Cause", "Entitlement", "Per", "State", "days",
]  # fmt: skip
