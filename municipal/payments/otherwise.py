"""Which charges are paid in another way than by a slip (納付書を要しない調定).

The room that knows of another way, as the bank's direct debit, says so here; slips issued together leave them out.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from .models import Charge

Condition = Callable[[], Q]

_conditions: list[Condition] = []


def paid_otherwise(condition: Condition) -> Condition:
    """Let ``condition`` say of a charge that no slip is to be sent for it (納付書を要しない条件の登録)."""
    _conditions.append(condition)
    return condition


def needing_a_slip(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Those of ``charges`` that nothing else pays (納付書を要する調定)."""
    for condition in _conditions:
        charges = charges.exclude(condition())
    return charges
