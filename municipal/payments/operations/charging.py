"""Charging what was assessed, and changing it later (賦課・調定・更正)."""

from collections.abc import Iterator, Sequence
from datetime import date

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.announcements import announce
from municipal.payments.arrivals import Paid, arrivals, newest, standing_payments
from municipal.payments.assessments import Assessed, read, refuse_bad
from municipal.payments.balances import Standing, of_charges
from municipal.payments.fees import fee as fee_of
from municipal.payments.files import MOST_YEN, BadLine
from municipal.payments.models import Account, Assessment, Charge, Posting, PostingKind, Transfer
from municipal.payments.moves import Move
from municipal.payments.rules.instalments import due_days, instalments
from municipal.payments.years import Years, years

from .posting import post

AT_ONCE = 2_000


@operation("payments.assess")
def assess(*, actor: Actor, assessed: Assessed) -> Assessment:
    """Enter an assessment and charge its instalments (賦課と調定).

    Raises Refused for an unknown fee, an amount below 0 or above eleven digits, no due day, days out of order, and a
    reference that this fee and year hold already.
    """
    refuse_bad(assessed)
    made = charge_all([assessed])[0]
    record(actor=actor, subjects=[assessed.payer.pk], code=made.fee)
    return made


@operation("payments.assess_file")
def assess_file(*, actor: Actor, data: bytes) -> int:
    """Enter every assessment of a file, and charge them; the number of them (賦課データの取込み).

    All or nothing: a run in which somebody is missing is worse than none. Raises Refused for a file with bad lines
    (see ``try_assessments``), and for a reference that is registered already.
    """
    lines = list(read(data))
    bad = [line for line in lines if isinstance(line, BadLine)]
    if bad:
        raise Refused(
            "賦課データに誤りが%(count)d件あります（最初は%(line)d行目）。すべて直してから取り込んでください。",
            field="file", code="invalid", count=len(bad), line=bad[0].line,
        )  # fmt: skip
    good = [line for line in lines if isinstance(line, Assessed)]
    for start in range(0, len(good), AT_ONCE):
        charge_all(good[start : start + AT_ONCE])
    record(actor=actor, subjects=sorted({one.payer.pk for one in good}))
    return len(good)


def charge_all(many: Sequence[Assessed]) -> list[Assessment]:
    """Assessments, their instalments and postings for many at once; called inside an operation (一括調定).

    Each has passed ``refuse_bad``. Five statements, however many they are.
    """
    now, today = clock.now(), clock.today()
    made = Assessment.objects.bulk_create(
        Assessment(
            payer=one.payer, fee=one.fee, levy_year=one.levy_year, fiscal_year=one.fiscal_year,
            reference=one.reference, total_yen=one.total_yen, accessory_of=one.accessory_of, recorded_at=now,
        )
        for one in many
    )  # fmt: skip
    charges = Charge.objects.bulk_create(
        Charge(assessment=assessment, period=number, due_on=day, yen=yen)
        for assessment, one in zip(made, many, strict=True)
        for number, (day, yen) in enumerate(_instalments(one), start=1)
    )
    postings = Posting.objects.bulk_create(
        Posting(
            kind=PostingKind.CHARGE, booked_on=today, fiscal_year=one.fiscal_year, source=f"assessment:{one.pk}",
            recorded_at=now,
        )
        for one in made
    )  # fmt: skip
    announce((one.kind, one.pk) for one in postings)
    by_assessment = dict(zip((one.pk for one in made), postings, strict=True))
    Transfer.objects.bulk_create(
        Transfer(
            posting=by_assessment[charge.assessment_id], charge=charge, debit=Account.RECEIVABLE,
            credit=Account.REVENUE, yen=charge.yen,
        )
        for charge in charges
        if charge.yen
    )  # fmt: skip
    return made


def _instalments(one: Assessed) -> Iterator[tuple[date, int]]:
    days = due_days(one.due_on)
    return zip(days, instalments(one.total_yen, len(days), unit=fee_of(one.fee).unit_yen), strict=True)


@operation("payments.revise")
def revise(*, actor: Actor, assessment: Assessment, total_yen: int, reason: str) -> Assessment:
    """Change the total of an assessment; the instalments follow (更正).

    More is charged on the last instalment. Less is taken from the last instalment first: from what is owed, then from
    what was written off; what was paid already becomes an over-payment, to be applied or refunded. What was paid in a
    year that is closed stays income of that year: to give it back is expenditure of this one. Raises Refused for the
    amount it has, for no reason, and for an assessment that was revised before.
    """
    first = _first(assessment)
    if not 0 <= total_yen <= MOST_YEN:
        raise Refused("賦課の額は0円から%(most)d円までで入力してください。", field="total_yen", most=MOST_YEN)
    if not reason.strip():
        raise Refused("更正の理由を入力してください。", field="reason", code="invalid")
    if total_yen == assessment.total_yen:
        raise Refused("更正後の額が今の額と同じです。額を確かめてください。", field="total_yen", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    decided = years()
    made = Assessment.objects.create(
        payer=assessment.payer, fee=assessment.fee, levy_year=assessment.levy_year,
        fiscal_year=assessment.fiscal_year, reference=assessment.reference, total_yen=total_yen, revises=assessment,
        accessory_of=assessment.accessory_of, reason=reason, recorded_at=clock.now(),
    )  # fmt: skip
    post(
        kind=PostingKind.ADJUST, booked_on=clock.today(), fiscal_year=decided.open_year(made.fiscal_year),
        source=f"assessment:{made.pk}", moves=_moves(first, total_yen - assessment.total_yen, decided),
    )  # fmt: skip
    record(actor=actor, subjects=[made.payer_id], code=made.fee)
    return made


def _first(assessment: Assessment) -> Assessment:
    """The assessment that made the instalments."""
    while assessment.revises is not None:
        assessment = assessment.revises
    return assessment


def _moves(first: Assessment, change: int, decided: Years) -> list[Move]:
    charges = list(Charge.objects.filter(assessment=first).order_by("-period"))
    if change > 0:
        return [Move(Account.RECEIVABLE, Account.REVENUE, change, charges[0])]
    moves, left = [], -change
    standing = of_charges([charge.pk for charge in charges])
    arrived = arrivals([charge.pk for charge in charges])
    for charge in charges:
        part = min(left, standing[charge.pk].charged)
        moves += _less(charge, standing[charge.pk], part, standing_payments(arrived[charge.pk]), decided)
        left -= part
    return moves


def _less(charge: Charge, now: Standing, part: int, paid: Sequence[Paid], decided: Years) -> list[Move]:
    """What is owed no longer goes first; then what was given up; what was paid becomes an over-payment."""
    given_up = min(max(part - now.outstanding, 0), now.written_off)
    over = max(part - now.outstanding - given_up, 0)
    of_closed_years = sum(one.yen for one in newest(paid, over) if decided.is_closed(one.year))
    return [
        Move(Account.REVENUE, Account.RECEIVABLE, part - of_closed_years, charge),
        Move(Account.REFUND_EXPENDITURE, Account.RECEIVABLE, of_closed_years, charge),
        Move(Account.RECEIVABLE, Account.WRITTEN_OFF, given_up, charge),
        Move(Account.RECEIVABLE, Account.OVERPAID, over, charge),
    ]
