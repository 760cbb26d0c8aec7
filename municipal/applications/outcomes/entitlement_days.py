"""Since when and until when a decided case entitles, by the rule that its kind names (認定の期間)."""

from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.models import Case
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.kinds import Kind
from municipal.entitlements.operations.following import ALLOWANCES
from municipal.entitlements.register import Standing, standings
from municipal.entitlements.rules import care, child_allowance
from municipal.entitlements.rules.months import first_of, months_on

NO_DAY = _("始まりの日が、申請からも台帳からも分かりません。担当課で記録してください。")
TOO_LATE = _("転入から14日を過ぎているため、認定を引き継げません。新しく要介護認定の申請をしてください。")
UNKNOWN = Standing(None, None, "", None)
ANSWER = "answer:"


def claimed_on(case: Case) -> date:
    """The day of the claim: the day on which it came (請求日)."""
    return case.submitted_at.astimezone(clock.TOKYO).date()


def first_day(kind: Kind, case: Case, person: Addressee, about: Addressee) -> date:
    """The first day of what a case entitles to. Raises Refused where no rule finds one (開始日)."""
    claimed, known = claimed_on(case), standings([person.pk, about.pk])
    own, of = known.get(person.pk, UNKNOWN), known.get(about.pk, UNKNOWN)
    event = max((day for day in (own.came_on, of.born_on) if day is not None), default=None)
    if kind.starts.startswith(ANSWER):
        return _answered(case, kind.starts.removeprefix(ANSWER))
    if kind.starts == "moved_in":
        return _moved_in(own, claimed)
    if kind.starts == "event":
        return _or_refused(event)
    return {
        "claim": claimed, "claim_month": first_of(claimed), "next_month": months_on(claimed, 1),
        "allowance_month": child_allowance.starts_on(claimed, event), "decision": clock.today(),
    }[kind.starts]  # fmt: skip


def _moved_in(own: Standing, claimed: date) -> date:
    moved_in = _or_refused(own.came_on)
    if not care.is_transferred(moved_in, claimed):
        raise Refused(TOO_LATE, code="too_late")
    return moved_in


def _answered(case: Case, name: str) -> date:
    try:
        return date.fromisoformat(str(case.answers.get(name)))
    except ValueError:
        raise Refused(NO_DAY, code="no_day") from None


def _or_refused(day: date | None) -> date:
    if day is None:
        raise Refused(NO_DAY, code="no_day")
    return day


def last_day(kind: Kind, first: date, about: Addressee) -> date | None:
    """The last day that the kind's rule knows already; None where something else will end it (終了日)."""
    if kind.ends == "care_months":
        return care.lasts_until(first)
    if kind.ends in ("july", "fiscal_year"):
        month, day = (7, 31) if kind.ends == "july" else (3, 31)
        this_year = date(first.year, month, day)
        return this_year if first <= this_year else this_year.replace(year=first.year + 1)
    if kind.ends == "child_age":
        born = standings([about.pk]).get(about.pk, UNKNOWN).born_on
        return child_allowance.ends_by_age(born) if born is not None else None
    return None


def last_paid(kind: Kind | None, case: Case) -> date:
    """The last day of what a case ends: that of the month in which the ground ceased, if it is answered (終了日)."""
    rows = case.answers.get("ending") or [{}]
    said = str((rows[0] if isinstance(rows, list) else rows).get("occurred_on", ""))
    try:
        ceased = date.fromisoformat(said)
    except ValueError:
        ceased = claimed_on(case)
    is_monthly = kind is not None and kind.kind in ALLOWANCES
    return child_allowance.ends_on(ceased) if is_monthly else ceased
