"""The tables of public money: what is charged, and the books (公金の表)."""

from .charge import Assessment, Charge
from .ledger import Account, Closing, Posting, PostingKind, Transfer

__all__ = ["Account", "Assessment", "Charge", "Closing", "Posting", "PostingKind", "Transfer"]
