"""Everything that changes the tables of this room (銀行とのデータの操作)."""

from .accounts import change_bank_settings, end_refund_account, register_refund_account
from .mandates import end_mandate, register_mandate
from .requests import issue_slips_after_debit, request_debits, withdraw_debits
from .results import TakenResults, take_debit_results, try_debit_results
from .transfers import order_refunds, return_transfer

__all__ = [
    "TakenResults",
    "change_bank_settings",
    "end_mandate",
    "end_refund_account",
    "issue_slips_after_debit",
    "order_refunds",
    "register_mandate",
    "register_refund_account",
    "request_debits",
    "return_transfer",
    "take_debit_results",
    "try_debit_results",
    "withdraw_debits",
]
