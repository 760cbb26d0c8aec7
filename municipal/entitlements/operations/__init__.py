"""Granting, refusing, ending, saying amounts; following the register; taking files in (受給資格の操作)."""

from .amounts import set_amount
from .ending import end, reopen
from .files import receive_file, take_in_file
from .following import REGISTER, follow_register
from .granting import Granting, grant, refuse

__all__ = [
    "REGISTER", "Granting", "end", "follow_register", "grant", "receive_file", "refuse", "reopen", "set_amount",
    "take_in_file",
]  # fmt: skip
