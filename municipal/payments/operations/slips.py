"""Issuing slips, issuing them anew, withdrawing them (納付書の発行・再発行・取消し)."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import connections

from municipal.addressees.operations import give_numbers
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import of_charges
from municipal.payments.models import Charge, Slip, Withdrawal

SERIES, DIGITS = "slip", 20
MOST_REISSUES = 9
PAYABLE_AFTER_DUE = timedelta(days=40)
"""How long a slip is taken after its due day where nobody says otherwise: as on samples (provisional)."""


@operation("payments.issue_slips")
def issue_slips(*, actor: Actor, charges: Sequence[Charge], pay_until: date | None = None) -> list[Slip]:
    """A slip for each charge of which something is owed, at what is owed today (納付書の発行).

    A charge that has a slip already gets none: see ``reissue_slip``. ``pay_until``: the last day of payment, but never
    before the due day; by default 40 days after the due day, or after today where that has passed. Raises Refused for
    a last day in the past.
    """
    refuse_past(pay_until)
    ids = [charge.pk for charge in charges]
    _wait_for(ids)
    standing = of_charges(ids)
    has_one = set(Slip.objects.filter(charge__in=ids).values_list("charge", flat=True))
    wanted = [one for one in charges if standing[one.pk].outstanding > 0 and one.pk not in has_one]
    now = clock.now()
    made = Slip.objects.bulk_create(
        Slip(
            charge=charge, number=number, confirmation=_confirmation(), yen=standing[charge.pk].outstanding,
            pay_until=last_day(charge, pay_until), issued_at=now,
        )
        for charge, number in zip(wanted, _numbers(len(wanted)), strict=True)
    )  # fmt: skip
    payers = {charge.assessment.payer_id for charge in wanted}
    record(actor=actor, subjects=sorted(payers))
    return made


@operation("payments.reissue_slip")
def reissue_slip(*, actor: Actor, slip: Slip, pay_until: date | None = None) -> Slip:
    """A new slip with a new number for what is owed today; the old one stays linked and payable (再発行).

    ``pay_until`` as in ``issue_slips``. Raises Refused for a last day in the past, for a charge that is paid, for a
    slip that has a successor already, and after nine times.
    """
    refuse_past(pay_until)
    owed = of_charges([slip.charge_id])[slip.charge_id].outstanding
    if owed <= 0:
        raise Refused("この調定は納付済みのため、納付書を再発行できません。", code="conflict")
    if slip.reissue >= MOST_REISSUES:
        raise Refused("再発行は9回までです。内容を確かめ、調定からやり直してください。", code="conflict")
    made = Slip.objects.create(
        charge=slip.charge, number=_numbers(1)[0], confirmation=_confirmation(), yen=owed,
        pay_until=last_day(slip.charge, pay_until), reissue=slip.reissue + 1, supersedes=slip, issued_at=clock.now(),
    )  # fmt: skip
    record(actor=actor, subjects=[slip.charge.assessment.payer_id])
    return made


@operation("payments.withdraw_slip")
def withdraw_slip(*, actor: Actor, slip: Slip, reason: str) -> Withdrawal:
    """Say that a slip should not be paid (納付書の取消し). Raises Refused a second time or without a reason."""
    if not reason.strip():
        raise Refused("取消しの理由を入力してください。", field="reason", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    made = Withdrawal.objects.create(slip=slip, reason=reason, withdrawn_at=clock.now())
    record(actor=actor, subjects=[slip.charge.assessment.payer_id])
    return made


def refuse_past(pay_until: date | None) -> None:
    """Refuse a last day of payment that is over (支払期限の確認)."""
    if pay_until is not None and pay_until < clock.today():
        raise Refused("支払期限は今日以降の日にしてください。", field="pay_until", code="invalid")


def last_day(charge: Charge, pay_until: date | None) -> date:
    """Until when a slip of the charge is taken: no code may end before its due day (支払期限)."""
    if pay_until is None:
        return max(charge.due_on, clock.today()) + PAYABLE_AFTER_DUE
    return max(charge.due_on, pay_until)


def _wait_for(charges: Collection[int]) -> None:
    """Two who issue at once must not both see a charge without a slip."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute("SELECT kijun_lock_charges(%s)", [list(charges)])


def _numbers(count: int) -> list[str]:
    """Twenty digits each, from the town's series, never given before."""
    return [number.zfill(DIGITS) for number in give_numbers(SERIES, count)]


def _confirmation() -> str:
    return f"{secrets.randbelow(10**6):06d}"
