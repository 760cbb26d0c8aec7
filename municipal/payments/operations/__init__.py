"""Everything that changes debts and books (公金の操作)."""

from .charging import Assessed, assess, revise
from .closing import close_through
from .posting import Move, reverse

__all__ = ["Assessed", "Move", "assess", "close_through", "reverse", "revise"]
