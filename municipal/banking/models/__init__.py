"""The tables of this room: accounts, mandates, files to banks and what came of them (銀行とのデータの表)."""

from .account import BankSettings, RefundAccount
from .debit import DebitItem, DebitRequest, DebitResult, Mandate, ResultFile
from .transfer import TransferItem, TransferOrder, TransferReturn

__all__ = [
    "BankSettings",
    "DebitItem",
    "DebitRequest",
    "DebitResult",
    "Mandate",
    "RefundAccount",
    "ResultFile",
    "TransferItem",
    "TransferOrder",
    "TransferReturn",
]
