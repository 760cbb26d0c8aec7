"""The money itself, and what was paid too much or by nobody known (入金・充当・還付・振替)."""

from datetime import date

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.balances import of_charges
from municipal.payments.models import Account, Channel, Charge, Posting, PostingKind, Report, Settlement
from municipal.payments.moves import Move
from municipal.payments.rules.instalments import fiscal_year

from .posting import post


@operation("payments.settle")
def settle(*, actor: Actor, channel: Channel, reference: str, yen: int, credited_on: date) -> Settlement:
    """Money of a channel is on the account (入金).

    Raises Refused for no yen, a day to come, and a reference that was entered before. What was reported and what came
    need not agree: the difference stays in transit and is shown by the reconciliation.
    """
    if yen < 1:
        raise Refused("入金額は1円以上で入力してください。", field="yen", code="invalid")
    if credited_on > clock.today():
        raise Refused("入金日が未来の日です。日付を確かめてください。", field="credited_on", code="invalid")
    refuse_unstorable(reference, 40, "reference")
    if not reference.strip():
        raise Refused("入金の番号を入力してください。", field="reference", code="invalid")
    posting = post(
        kind=PostingKind.SETTLE, booked_on=clock.today(), fiscal_year=fiscal_year(credited_on),
        source=f"settlement:{channel}:{reference}", moves=[Move(Account.CASH, Account.IN_TRANSIT, yen)],
    )  # fmt: skip
    made = Settlement.objects.create(
        channel=channel, reference=reference, yen=yen, credited_on=credited_on, posting=posting
    )
    record(actor=actor, code=channel)
    return made


@operation("payments.apply")
def apply(*, actor: Actor, of: Charge, to: Charge, yen: int) -> Posting:
    """Pay one charge with what was paid too much of another (充当).

    Both must be of one payer. Raises Refused for another payer, for no yen, and beyond what is over or owed.
    """
    if of.assessment.payer_id != to.assessment.payer_id:
        raise Refused("充当できるのは同じ納付義務者の調定だけです。", field="to", code="invalid")
    _refuse_beyond(yen, of, to)
    # Two transfers by way of the money in transit would say that it came in twice; the route through the
    # suspense account says what happened: it became free, and was used.
    moves = [
        Move(Account.OVERPAID, Account.SUSPENSE, yen, of),
        Move(Account.SUSPENSE, Account.RECEIVABLE, yen, to),
    ]
    made = post(
        kind=PostingKind.APPLY, booked_on=clock.today(), fiscal_year=to.assessment.fiscal_year,
        source=_nth("apply", of), moves=moves,
    )  # fmt: skip
    record(actor=actor, subjects=[of.assessment.payer_id])
    return made


@operation("payments.refund")
def refund(*, actor: Actor, charge: Charge, yen: int) -> Posting:
    """Pay back what was paid too much of a charge (還付). A returned transfer is undone by ``reverse``."""
    if yen < 1 or yen > of_charges([charge.pk])[charge.pk].overpaid:
        raise Refused("還付できるのは過誤納の額までです。最新の残高を確かめてください。", field="yen", code="invalid")
    made = post(
        kind=PostingKind.REFUND, booked_on=clock.today(), fiscal_year=charge.assessment.fiscal_year,
        source=_nth("refund", charge), moves=[Move(Account.OVERPAID, Account.CASH, yen, charge)],
    )  # fmt: skip
    record(actor=actor, subjects=[charge.assessment.payer_id])
    return made


@operation("payments.write_off")
def write_off(*, actor: Actor, charge: Charge, reason: str) -> Posting:
    """Give up what is owed of a charge (不納欠損). Raises Refused where nothing is owed, or without a reason."""
    owed = of_charges([charge.pk])[charge.pk].outstanding
    if owed <= 0:
        raise Refused("この調定には未納額がありません。", code="conflict")
    if not reason.strip():
        raise Refused("不納欠損の理由を入力してください。", field="reason", code="invalid")
    made = post(
        kind=PostingKind.WRITE_OFF, booked_on=clock.today(), fiscal_year=charge.assessment.fiscal_year,
        source=_nth("write_off", charge), moves=[Move(Account.WRITTEN_OFF, Account.RECEIVABLE, owed, charge)],
    )  # fmt: skip
    record(actor=actor, subjects=[charge.assessment.payer_id], purpose=reason[:200])
    return made


@operation("payments.identify")
def identify(*, actor: Actor, report: Report, charge: Charge) -> Posting:
    """Say whose money it was that came for a number nobody knows (仮受金の振替).

    It pays the charge; what is over becomes an over-payment of it. Raises Refused for a report that was matched, or
    identified before.
    """
    if report.slip_id is not None or report.posting is None:
        raise Refused("該当なしの入金だけを振り替えられます。", field="report", code="invalid")
    if report.posting.reversals.exists():
        raise Refused("この入金は取り消されています。", field="report", code="conflict")
    applied = min(report.yen, of_charges([charge.pk])[charge.pk].outstanding)
    moves = [
        Move(Account.SUSPENSE, Account.RECEIVABLE, applied, charge),
        Move(Account.SUSPENSE, Account.OVERPAID, report.yen - applied, charge),
    ]
    made = post(
        kind=PostingKind.IDENTIFY, booked_on=clock.today(), fiscal_year=charge.assessment.fiscal_year,
        source=f"identify:{report.pk}", moves=moves,
    )  # fmt: skip
    record(actor=actor, subjects=[charge.assessment.payer_id])
    return made


def _refuse_beyond(yen: int, of: Charge, to: Charge) -> None:
    standing = of_charges([of.pk, to.pk])
    if yen < 1 or yen > min(standing[of.pk].overpaid, standing[to.pk].outstanding):
        raise Refused("充当できるのは過誤納の額と未納の額までです。", field="yen", code="invalid")


def _nth(act: str, charge: Charge) -> str:
    """A source for an act that a charge may have several times; two at once get the same, and one is refused."""
    done = Posting.objects.filter(source__startswith=f"{act}:{charge.pk}:").count()
    return f"{act}:{charge.pk}:{done + 1}"
