"""What the books say: balances of accounts, of charges, and the identities that always hold (残高と恒等式).

Balances are never stored, but for the snapshots of closed periods: they are added up from the transfers each time.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from municipal.municipalities.bulk import among

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
PARTS: dict[str, tuple[list[Account], list[Account]]] = {
    "charged": (R, [Account.REVENUE, Account.REFUND_EXPENDITURE]),
    "applied": (MONEY, R),
    "written_off": ([Account.WRITTEN_OFF], R),
    "outstanding": (R, [one for one in EVERY if one != Account.RECEIVABLE]),
    "overpaid": ([one for one in EVERY if one != Account.OVERPAID], [Account.OVERPAID]),
    "refunded": ([Account.OVERPAID, Account.SUSPENSE], [Account.CASH]),
}
"""Each figure of a Standing: the accounts that yen went into, and those that they came from."""
FIGURES = {name: _net(of, against) for name, (of, against) in PARTS.items()}
FROM_PAYERS = [Account.RECEIVABLE, Account.OVERPAID, Account.SUSPENSE]
Flows = Mapping[tuple[str, str], int]


def flows(wanted: Q | None = None) -> Flows:
    """Yen by debit and credit account of the transfers that are wanted, else of all (勘定間の流れ).

    One look at each transfer; every figure of many charges together follows from it.
    """
    found = Transfer.objects.filter(wanted or Q()).values_list("debit", "credit").annotate(Sum("yen"))
    return {(debit, credit): yen for debit, credit, yen in found.order_by()}


def net(of: Flows, into: Collection[Account], out_of: Collection[Account]) -> int:
    """Yen that went into some accounts out of others, less what went back (差引き)."""
    return sum(
        yen * ((debit in into and credit in out_of) - (credit in into and debit in out_of))
        for (debit, credit), yen in of.items()
    )


def standing_of(of: Flows) -> Standing:
    """How everything that flowed stands together (合計の残高)."""
    return Standing(**{name: net(of, into, out_of) for name, (into, out_of) in PARTS.items()})


def accounts_of(of: Flows) -> dict[str, int]:
    """Debits less credits of every account (勘定残高)."""
    found = dict.fromkeys(Account.values, 0)
    for (debit, credit), yen in of.items():
        found[debit] += yen
        found[credit] -= yen
    return found


def of_charges(charges: Collection[int]) -> dict[int, Standing]:
    """How each of ``charges`` (ids) stands (調定ごとの残高)."""
    found: QuerySet[Any, Any] = Transfer.objects.filter(charge__in=among(charges)).values("charge").annotate(**FIGURES)
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
    return accounts_of(flows(None if through is None else Q(posting__booked_on__lte=through)))


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
    found = flows()
    balances = accounts_of(found)
    collected = net(found, [Account.IN_TRANSIT], FROM_PAYERS)
    return Books(standing_of(found), collected, -balances[Account.SUSPENSE.value], balances)
