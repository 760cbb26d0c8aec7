"""What the books say: balances of accounts, of charges, and the identities that always hold (残高と恒等式).

Balances are never stored, but for the snapshots of closed periods: they are added up from the transfers each time.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from .models import Account, Transfer


@dataclass(frozen=True)
class Standing:
    """How one charge, or several together, stand, in yen (調定ごとの残高).

    ``charged`` is net of adjustments. Always: charged = applied + written_off + outstanding.
    """

    charged: int = 0
    applied: int = 0
    written_off: int = 0
    outstanding: int = 0
    overpaid: int = 0
    refunded: int = 0

    @property
    def is_consistent(self) -> bool:
        """Whether the identity holds; the database leaves no way round it."""
        return self.charged == self.applied + self.written_off + self.outstanding


def _net(of: Collection[Account], against: Collection[Account]) -> Any:
    """Yen that went into accounts ``of`` from accounts ``against``, less what went back."""
    there, back = Q(debit__in=of, credit__in=against), Q(credit__in=of, debit__in=against)
    return Coalesce(Sum(Case(When(there, then=F("yen")), When(back, then=-F("yen")), default=0)), 0)


R = [Account.RECEIVABLE]
EVERY = list(Account)
MONEY = [Account.IN_TRANSIT, Account.SUSPENSE, Account.OVERPAID]
FIGURES = {
    "charged": _net(R, [Account.REVENUE, Account.REFUND_EXPENDITURE]),
    "applied": _net(MONEY, R),
    "written_off": _net([Account.WRITTEN_OFF], R),
    "outstanding": _net(R, [one for one in EVERY if one != Account.RECEIVABLE]),
    "overpaid": _net([one for one in EVERY if one != Account.OVERPAID], [Account.OVERPAID]),
    "refunded": _net([Account.OVERPAID, Account.SUSPENSE], [Account.CASH]),
}


def of_charges(charges: Collection[int]) -> dict[int, Standing]:
    """How each of ``charges`` (ids) stands (調定ごとの残高)."""
    found: QuerySet[Any, Any] = Transfer.objects.filter(charge__in=charges).values("charge").annotate(**FIGURES)
    standings = {row["charge"]: Standing(*(row[name] for name in FIGURES)) for row in found}
    return {charge: standings.get(charge, Standing()) for charge in charges}


def by_fee() -> Iterator[tuple[str, int, Standing]]:
    """Fee, levy year and how all its charges stand together, in that order (料金項目・年度ごとの残高)."""
    keys = ("charge__assessment__fee", "charge__assessment__levy_year")
    found: QuerySet[Any, Any] = Transfer.objects.filter(charge__isnull=False).values(*keys).annotate(**FIGURES)
    for row in found.order_by(*keys):
        fee, year = (row.pop(key) for key in keys)
        yield fee, year, Standing(**row)


def by_account(*, through: date | None = None) -> dict[str, int]:
    """Debits less credits of every account, of everything booked up to ``through`` (勘定残高)."""
    wanted = Q() if through is None else Q(posting__booked_on__lte=through)
    sums = {
        account.value: Coalesce(
            Sum(Case(When(debit=account, then=F("yen")), When(credit=account, then=-F("yen")), default=0)), 0
        )
        for account in Account
    }
    return dict(Transfer.objects.filter(wanted).aggregate(**sums))


@dataclass(frozen=True)
class Books:
    """The identities of one town's books, in yen (元帳の恒等式).

    charged = applied + written_off + outstanding; collected = applied + overpaid + refunded + suspense; all accounts
    together are 0.
    """

    total: Standing
    collected: int
    suspense: int
    balances: dict[str, int]

    def broken(self) -> list[str]:
        """The identities that do not hold, in words; empty books and right books give none."""
        found = []
        if not self.total.is_consistent:
            found.append("charged = applied + written_off + outstanding")
        if self.collected != self.total.applied + self.total.overpaid + self.total.refunded + self.suspense:
            found.append("collected = applied + overpaid + refunded + suspense")
        if sum(self.balances.values()):
            found.append("debits = credits")
        return found


def books() -> Books:
    """The identities of the open town (元帳の検算)."""
    total = Standing(**Transfer.objects.aggregate(**FIGURES))
    from_payers = [Account.RECEIVABLE, Account.OVERPAID, Account.SUSPENSE]
    money = Transfer.objects.aggregate(collected=_net([Account.IN_TRANSIT], from_payers))
    balances = by_account()
    return Books(total, money["collected"], -balances[Account.SUSPENSE.value], balances)
