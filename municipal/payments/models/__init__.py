"""The tables of public money: what is charged, slips, what the channels report, the books (公金の表)."""

from .charge import Assessment, Charge
from .collection import Channel, CollectionFile, Match, Report, Settlement, Stage
from .ledger import Account, Closing, Posting, PostingKind, Transfer
from .settings import FloorPer, MoneySettings, YearBy
from .slip import Slip, Withdrawal

__all__ = [
    "Account",
    "Assessment",
    "Channel",
    "Charge",
    "Closing",
    "CollectionFile",
    "FloorPer",
    "Match",
    "MoneySettings",
    "Posting",
    "PostingKind",
    "Report",
    "Settlement",
    "Slip",
    "Stage",
    "Transfer",
    "Withdrawal",
    "YearBy",
]
