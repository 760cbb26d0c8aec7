"""What a payment pays first (充当の順序)."""

from dataclasses import dataclass

from municipal.core.refusals import Refused

PRINCIPAL_FIRST, COSTS_FIRST = "principal_first", "costs_first"
"""Tax and public claims: the principal first (Local Tax Act, article 20-9-4). Private claims: costs, interest, then the
principal (Civil Code, article 489)."""


@dataclass(frozen=True)
class Owed:
    """What is owed of one charge, in yen (債務の内訳)."""

    principal: int
    interest: int = 0
    costs: int = 0

    @property
    def total(self) -> int:
        """All three together."""
        return self.principal + self.interest + self.costs


@dataclass(frozen=True)
class Allocation:
    """How a payment is divided, in yen; ``excess`` is paid too much (充当の結果)."""

    principal: int
    interest: int
    costs: int
    excess: int


def allocate(paid: int, owed: Owed, order: str) -> Allocation:
    """Divide ``paid`` yen over what is owed in the order of the class of claim (充当).

    Every yen goes somewhere: the four parts add up to ``paid``. Raises Refused for nothing or less, ValueError for an
    unknown order.
    """
    if paid <= 0:
        raise Refused("入金額は1円以上で入力してください。", field="yen", code="invalid")
    if order not in {PRINCIPAL_FIRST, COSTS_FIRST}:
        raise ValueError(f"{order!r} is no order of allocation")
    names = ("principal", "costs", "interest") if order == PRINCIPAL_FIRST else ("costs", "interest", "principal")
    left, parts = paid, {}
    for name in names:
        parts[name] = min(left, max(getattr(owed, name), 0))
        left -= parts[name]
    return Allocation(**parts, excess=left)
