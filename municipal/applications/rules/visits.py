"""How long a planned visit is waited for (予約の期限)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from municipal.procedures.catalogue import Field

KEPT_AFTER = timedelta(days=30)
"""How long a visit that was planned is waited for. Provisional: no law sets it."""
WAITING = "waiting_visit"


def visit_by(asks: Sequence[Field], answers: Mapping[str, Any], due_on: date) -> date:
    """The last day on which a reservation is kept: after the latest day that the applicant named (予約の期限)."""
    days = [date.fromisoformat(answers[one.name]) for one in asks if one.type == "date" and answers.get(one.name)]
    return max([*days, due_on]) + KEPT_AFTER
