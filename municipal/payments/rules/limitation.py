"""When a claim ends because time has run out, and what makes the time run anew (消滅時効).

Local Tax Act, articles 18 and 18-2; Local Autonomy Act, article 236; Civil Code, articles 143, 152 and 166. What is
not in the books (attachment, a promise in writing, a stay) is not known here.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from municipal.core.business_days import next_business_day
from municipal.core.codes import rows
from municipal.core.refusals import Refused

from .accrual import FOLDER

DUE, DEMAND, PAYMENT = "due", "demand", "payment"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DemandRule:
    """What a demand is for one class of claim (督促の定め).

    ``days_to_pay``: from the demand; ``term_days``: days from the demand after which a new term begins, 0 where it
    begins after the day that the demand sets.
    """

    claim_class: str
    fee_yen: int
    days_to_pay: int
    term_days: int
    status: str

    def pay_by(self, issued_on: date) -> date:
        """The day by which a demand of that day asks to be paid (指定期限)."""
        return next_business_day(issued_on + timedelta(days=self.days_to_pay))

    def new_term(self, issued_on: date, pay_by: date) -> date:
        """The first day of the term that runs anew (時効の更新後の起算日)."""
        return (issued_on + timedelta(days=self.term_days) if self.term_days else pay_by) + _ONE_DAY


@dataclass(frozen=True)
class Renewal:
    """Something that makes the time run anew: on which day, from which day on, what (時効の更新)."""

    happened_on: date
    begins_on: date
    cause: str


@dataclass(frozen=True)
class Term:
    """The term that is running: its first and last day, and what began it (時効期間)."""

    begins_on: date
    last_day: date
    cause: str

    def has_ended(self, on: date) -> bool:
        """Whether it is over on that day (時効の完成)."""
        return on > self.last_day


@dataclass(frozen=True)
class Reason:
    """Why a claim may be given up, and for which classes of claim (不納欠損の理由)."""

    code: str
    name_ja: str
    name_en: str
    claim_classes: frozenset[str]
    needs_ended_term: bool
    status: str


@cache
def demand_rules() -> Mapping[str, DemandRule]:
    """The rule of demands by class of claim; a class without one is not demanded by itself (督促の定めの一覧)."""
    return {
        row["claim_class"]: DemandRule(
            row["claim_class"], int(row["fee_yen"]), int(row["days_to_pay"]), int(row["term_days"] or 0), row["status"]
        )
        for row in rows(FOLDER / "demands.csv")
    }


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason by its code (不納欠損の理由の一覧)."""
    return {
        row["code"]: Reason(
            row["code"], row["name_ja"], row["name_en"], frozenset(row["claim_classes"].split()),
            row["needs_ended_term"] == "1", row["status"],
        )
        for row in rows(FOLDER / "write_off_reasons.csv")
    }  # fmt: skip


def term(due_on: date, years: int, renewals: Sequence[Renewal] = ()) -> Term:
    """The term of a claim of ``years`` that was due on ``due_on`` (時効期間の計算).

    It begins the day after. What happens after it has ended renews nothing.
    """
    running = _term(due_on + _ONE_DAY, years, DUE)
    for one in sorted(renewals, key=lambda one: (one.happened_on, one.begins_on)):
        if not running.has_ended(one.happened_on):
            # A payment within the days that a demand gives does not let the time run earlier.
            running = _term(max(one.begins_on, running.begins_on), years, one.cause)
    return running


def _term(begin: date, years: int, cause: str) -> Term:
    """Ends on the day before the anniversary; where the year has no such day, with that month (Civil Code 143)."""
    year = begin.year + years
    last = calendar.monthrange(year, begin.month)[1]
    end = date(year, begin.month, begin.day) - _ONE_DAY if begin.day <= last else date(year, begin.month, last)
    return Term(begin, end, cause)


def refuse_reason(code: str, claim_class: str, running: Term, on: date) -> None:
    """Refuse a reason that is none, that another class of claim has, or whose time has not come (理由の確認)."""
    reason = reasons().get(code)
    if reason is None:
        raise Refused("不納欠損の理由を一覧から選んでください。", field="reason", code="no_such_choice")
    if claim_class not in reason.claim_classes:
        raise Refused("この理由は、この債権の区分では使えません。", field="reason", code="invalid")
    if reason.needs_ended_term and not running.has_ended(on):
        raise Refused(
            "時効はまだ完成していません。%(day)sの経過後に処理してください。",
            field="reason", code="conflict", day=f"{running.last_day:%Y-%m-%d}",
        )  # fmt: skip
