"""Charging what was assessed, and changing it later (賦課・調定・更正)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.balances import of_charges
from municipal.payments.fees import fee as fee_of
from municipal.payments.models import Account, Assessment, Charge, PostingKind
from municipal.payments.moves import Move
from municipal.payments.rules.instalments import due_days, instalments

from .posting import post

MOST_YEN = 99_999_999_999
"""Eleven digits, as the code on a slip holds."""


@dataclass(frozen=True)
class Assessed:
    """One line of an assessment: who, what for, how much, under which number (賦課の内容).

    ``due_on``: the days as the ordinance says them, in order; closed days are moved. Yen are whole.
    """

    payer: Addressee
    fee: str
    levy_year: int
    fiscal_year: int
    reference: str
    total_yen: int
    due_on: Sequence[date]


@operation("payments.assess")
def assess(*, actor: Actor, assessed: Assessed) -> Assessment:
    """Enter an assessment and charge its instalments (賦課と調定).

    Raises Refused for an unknown fee, an amount below 0 or above eleven digits, no due day, days out of order, and a
    reference that this fee and year hold already.
    """
    _refuse_bad(assessed)
    fee, days = fee_of(assessed.fee), due_days(assessed.due_on)
    made = Assessment.objects.create(
        payer=assessed.payer, fee=fee.code, levy_year=assessed.levy_year, fiscal_year=assessed.fiscal_year,
        reference=assessed.reference, total_yen=assessed.total_yen, recorded_at=clock.now(),
    )  # fmt: skip
    parts = instalments(assessed.total_yen, len(days), unit=fee.unit_yen)
    charges = Charge.objects.bulk_create(
        Charge(assessment=made, period=number, due_on=day, yen=yen)
        for number, (day, yen) in enumerate(zip(days, parts, strict=True), start=1)
    )
    moves = [Move(Account.RECEIVABLE, Account.REVENUE, charge.yen, charge) for charge in charges]
    post(
        kind=PostingKind.CHARGE, booked_on=clock.today(), fiscal_year=made.fiscal_year,
        source=f"assessment:{made.pk}", moves=moves,
    )  # fmt: skip
    record(actor=actor, subjects=[assessed.payer.pk], code=fee.code)
    return made


def _refuse_bad(assessed: Assessed) -> None:
    if not 0 <= assessed.total_yen <= MOST_YEN:
        raise Refused(
            "賦課の額は0円から%(most)d円までで入力してください。", field="total_yen", code="invalid", most=MOST_YEN
        )
    if not assessed.due_on:
        raise Refused("納期限を1つ以上入力してください。", field="due_on", code="invalid")
    if not assessed.reference.strip():
        raise Refused("通知書番号を入力してください。", field="reference", code="invalid")
    refuse_unstorable(assessed.reference, 20, "reference")
    for name in ("levy_year", "fiscal_year"):
        if not 1950 <= getattr(assessed, name) <= 2200:
            raise Refused("年度を西暦4桁で入力してください。", field=name, code="invalid")


@operation("payments.revise")
def revise(*, actor: Actor, assessment: Assessment, total_yen: int, reason: str) -> Assessment:
    """Change the total of an assessment; the instalments follow (更正).

    More is charged on the last instalment. Less is taken from the last instalment first: from what is owed, then from
    what was written off; what was paid already becomes an over-payment, to be applied or refunded. Raises Refused for
    the amount it has, for no reason, and for an assessment that was revised before.
    """
    first = _first(assessment)
    if not 0 <= total_yen <= MOST_YEN:
        raise Refused("賦課の額は0円から%(most)d円までで入力してください。", field="total_yen", most=MOST_YEN)
    if not reason.strip():
        raise Refused("更正の理由を入力してください。", field="reason", code="invalid")
    if total_yen == assessment.total_yen:
        raise Refused("更正後の額が今の額と同じです。額を確かめてください。", field="total_yen", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    made = Assessment.objects.create(
        payer=assessment.payer, fee=assessment.fee, levy_year=assessment.levy_year,
        fiscal_year=assessment.fiscal_year, reference=assessment.reference, total_yen=total_yen, revises=assessment,
        reason=reason, recorded_at=clock.now(),
    )  # fmt: skip
    post(
        kind=PostingKind.ADJUST, booked_on=clock.today(), fiscal_year=made.fiscal_year,
        source=f"assessment:{made.pk}", moves=_moves(first, total_yen - assessment.total_yen),
    )  # fmt: skip
    record(actor=actor, subjects=[made.payer_id], code=made.fee)
    return made


def _first(assessment: Assessment) -> Assessment:
    """The assessment that made the instalments."""
    while assessment.revises is not None:
        assessment = assessment.revises
    return assessment


def _moves(first: Assessment, change: int) -> list[Move]:
    charges = list(Charge.objects.filter(assessment=first).order_by("-period"))
    if change > 0:
        return [Move(Account.RECEIVABLE, Account.REVENUE, change, charges[0])]
    moves, left = [], -change
    standing = of_charges([charge.pk for charge in charges])
    for charge in charges:
        now = standing[charge.pk]
        part = min(left, now.charged)
        moves.append(Move(Account.REVENUE, Account.RECEIVABLE, part, charge))
        # What is owed no longer goes first; then what was given up; what was paid becomes an over-payment.
        given_up = min(max(part - now.outstanding, 0), now.written_off)
        moves.append(Move(Account.RECEIVABLE, Account.WRITTEN_OFF, given_up, charge))
        moves.append(Move(Account.RECEIVABLE, Account.OVERPAID, max(part - now.outstanding - given_up, 0), charge))
        left -= part
    return moves
