"""Who agreed to be debited, and until when (口座振替依頼の受付と終了)."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from municipal.addressees.models import Addressee
from municipal.addressees.operations import give_numbers
from municipal.audit.operations import operation, record
from municipal.banking.models import Mandate
from municipal.banking.rules import DEBIT_KINDS, Account, checked
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.fees import fee as fee_of

from .accounts import FIELDS

SERIES, DIGITS = "debit_customer", 20


@operation("banking.register_mandate")
def register_mandate(*, actor: Actor, payer: Addressee, fee: str, account: Account, starts_on: date) -> Mandate:
    """Register that a payer has one fee debited from an account (口座振替依頼の登録).

    The customer number is given here and stays with the mandate. Raises Refused for an unknown fee, an account that is
    none, and where a mandate of the payer for the fee holds in that time already.
    """
    item = fee_of(fee)
    said = checked(account, DEBIT_KINDS)
    made = Mandate.objects.create(
        payer=payer, fee=item.code, customer=give_numbers(SERIES, 1)[0].zfill(DIGITS), valid=DateRange(starts_on, None),
        recorded_at=clock.now(), **said,
    )  # fmt: skip
    record(actor=actor, subjects=[payer.pk], code=fee, fields=FIELDS)
    return made


@operation("banking.end_mandate")
def end_mandate(*, actor: Actor, mandate: Mandate, ends_on: date, reason: str) -> Mandate:
    """The mandate holds no more from ``ends_on``; what the bank was asked for stays asked (口座振替依頼の終了).

    Raises Refused where it has ended, for a day before it began, and without a reason.
    """
    if mandate.valid.upper is not None:
        raise Refused("この口座振替依頼はすでに終了しています。", code="conflict")
    if ends_on <= mandate.valid.lower:
        raise Refused("開始日より後の日にしてください。", field="ends_on", code="invalid")
    if not reason.strip():
        raise Refused("終了の理由を入力してください。", field="reason", code="invalid")
    refuse_unstorable(reason, 200, "reason")
    mandate.valid = DateRange(mandate.valid.lower, ends_on)
    mandate.save(update_fields=["valid"])
    record(actor=actor, subjects=[mandate.payer_id], code=mandate.fee, purpose=reason)
    return mandate
