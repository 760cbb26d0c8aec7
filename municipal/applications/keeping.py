"""For how long a case is kept, and why it is kept longer (申請の保存期間).

Years count from the first day of the fiscal year after the one in which a case ended, as rules on documents of
municipalities usually say (文書取扱規程, unverified). A period that nobody has verified deletes nothing in a real town.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.entitlements.models import Entitlement
from municipal.entitlements.models import State as Entitled
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.rules.instalments import fiscal_year
from municipal.procedures.catalogue import table
from municipal.procedures.offered import current

from .models import Case, KeepingPeriod
from .outcomes.standing_fees import newest, standing_of
from .rules.steps import final_states

SET, SEEN = "set", "seen"
VERIFIED = frozenset({SET, SEEN})
"""Whose word a period may be that deletes something: the town's own, or a law that somebody read."""
MONEY, RUNNING, DISPUTE, TOGETHER = "money", "entitlement", "dispute", "bundle"
WHY = {
    MONEY: _("手数料が精算されていません。"), RUNNING: _("認定した受給資格が続いています。"),
    DISPUTE: _("争訟中の印があります。"), TOGETHER: _("まとめて出された申請が、まだ終わっていません。"),
}  # fmt: skip
"""Why a case is kept although its period is over."""


@dataclass(frozen=True)
class Period:
    """Years, and whose word they are: ``set`` by the town, ``seen`` in a law, or ``unverified`` (保存期間)."""

    years: int
    status: str

    @property
    def is_verified(self) -> bool:
        """Whether somebody answers for it (確認済みか)."""
        return self.status in VERIFIED


@cache
def outcomes() -> dict[str, Period | None]:
    """The states in which a case ends, each with the period of the table; None: the procedure says it (終わり方)."""
    return {
        row["outcome"]: Period(int(row["years"]), row["status"]) if row["years"] else None for row in table("retention")
    }


def period_of(case: Case) -> Period:
    """How long this case is kept: as the town set it, else as the procedure or the table says (保存期間の照会).

    Where the procedure has changed since it was applied for, the longer of both periods counts.
    """
    said = KeepingPeriod.objects.filter(outcome=case.state).order_by("-pk").first()
    if said is not None:
        return Period(said.years, SET)
    listed = outcomes().get(case.state)
    if listed is not None:
        return listed
    now = current(case.procedure)
    found = [one["retention"] for one in (case.entry, now) if one and one.get("retention")]
    return max((Period(one["years"], one["status"]) for one in found), key=lambda one: one.years)


def ended_on(case: Case) -> date:
    """The day on which nothing was left to do (終わった日)."""
    return case.changed_at.astimezone(clock.TOKYO).date()


def kept_until(case: Case) -> date:
    """The first day on which it may be forgotten (保存期間の満了の翌日)."""
    return date(fiscal_year(ended_on(case)) + 1 + period_of(case).years, 4, 1)


def holds_of(case: Case) -> list[str]:
    """Why it is kept whatever its period: open money, an entitlement that runs, a dispute (保存を続ける理由)."""
    fee, found = newest(case), list[str]()
    if fee is not None:
        now = standing_of(fee)
        found += [MONEY] if now.outstanding or now.overpaid else []
    rows = Entitlement.objects.filter(decided_in=case.number, recorded__upper_inf=True).exclude(state=Entitled.REFUSED)
    if rows.filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=clock.today())).exists():
        found.append(RUNNING)
    if case.holds.filter(lifted_at=None).exists():
        found.append(DISPUTE)
    if case.bundle_id and Case.objects.filter(bundle=case.bundle_id).exclude(state__in=final_states()).exists():
        found.append(TOGETHER)
    return found


def takes_unverified() -> bool:
    """Whether periods of ours count here: only a made-up town forgets by them (未確認の期間の扱い)."""
    return Municipality.objects.get(pk=wall.current()).is_fictional


def over_the_period() -> Iterator[Case]:
    """Cases whose period is over, in the order in which they ended (保存期間が過ぎた申請)."""
    newest_end = datetime.combine(date(fiscal_year(clock.today()), 4, 1), time(), clock.TOKYO)
    rows = Case.objects.filter(state__in=final_states(), forgotten_at=None, changed_at__lt=newest_end)
    for case in rows.order_by("changed_at", "pk").iterator(chunk_size=200):
        if kept_until(case) <= clock.today():
            yield case
