"""The town's own account, and where refunds are paid to (口座の登録)."""

import re
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.banking.models import BankSettings, RefundAccount
from municipal.banking.rules import TRANSFER_KINDS, Account, checked
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

FIELDS = ("bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "holder")
LONGEST_CLIENT = 40


@operation("banking.change_settings")
def change_bank_settings(
    *, actor: Actor, account: Account, debit_client: str, transfer_client: str
) -> BankSettings:  # fmt: skip
    """Say how the town names itself to its bank, ``account.holder`` in letters of the bank (銀行への依頼人の設定).

    Raises Refused for codes that are not ten digits, and for an account that is none.
    """
    said = dict(checked(account, TRANSFER_KINDS, most=LONGEST_CLIENT))
    for field, code in (("debit_client", debit_client), ("transfer_client", transfer_client)):
        if not re.fullmatch(r"\d{1,10}", code, re.ASCII):
            raise Refused("銀行から付けられた10桁以内の数字を入力してください。", field=field, code="invalid")
        said[field] = code.zfill(10)
    row = BankSettings.objects.select_for_update().first() or BankSettings()
    for name, value in (said | {"client_name": said.pop("holder")}).items():
        setattr(row, name, value)
    row.save()
    record(actor=actor, fields=["debit_client", "transfer_client", "client_name", *FIELDS[:-1]])
    return row


def settings() -> BankSettings:
    """How the town names itself to its bank (銀行への依頼人の設定). Raises Refused where nobody has said so yet."""
    found = BankSettings.objects.first()
    if found is None:
        raise Refused(
            "銀行への依頼人の設定がありません。委託者コードと市町村の口座を先に登録してください。", code="no_settings"
        )
    return found


@operation("banking.register_refund_account")
def register_refund_account(*, actor: Actor, payer: Addressee, account: Account, starts_on: date) -> RefundAccount:
    """Note where a payer's refunds are paid to from ``starts_on`` (還付先口座の登録); the one before ends there.

    Raises Refused for an account that is none, and for a day on which another one begins or began later.
    """
    said = checked(account, TRANSFER_KINDS)
    before = RefundAccount.objects.filter(payer=payer, valid__endswith__isnull=True).first()
    if before is not None:
        _close(before, starts_on)
    made = RefundAccount.objects.create(payer=payer, valid=DateRange(starts_on, None), recorded_at=clock.now(), **said)
    record(actor=actor, subjects=[payer.pk], fields=FIELDS)
    return made


@operation("banking.end_refund_account")
def end_refund_account(*, actor: Actor, account: RefundAccount, ends_on: date) -> RefundAccount:
    """No refund is paid to the account from ``ends_on`` (還付先口座の終了). Raises Refused where it has ended."""
    if account.valid.upper is not None:
        raise Refused("この還付先口座はすでに終了しています。", code="conflict")
    _close(account, ends_on)
    record(actor=actor, subjects=[account.payer_id])
    return account


def _close(account: RefundAccount, day: date) -> None:
    if day <= account.valid.lower:
        raise Refused("今の口座の開始日より後の日にしてください。", field="starts_on", code="invalid")
    account.valid = DateRange(account.valid.lower, day)
    account.save(update_fields=["valid"])
