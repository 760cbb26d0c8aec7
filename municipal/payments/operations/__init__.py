"""Everything that changes debts and books (公金の操作)."""

from municipal.payments.assessments import Assessed

from .charging import assess, assess_file, revise
from .closing import close_through
from .collecting import TakenIn, take_in, try_out
from .posting import reverse
from .settings import change_settings, settings
from .settling import apply, identify, refund, settle, write_off
from .slips import issue_slips, reissue_slip, withdraw_slip

__all__ = [
    "Assessed",
    "TakenIn",
    "apply",
    "assess",
    "assess_file",
    "change_settings",
    "close_through",
    "identify",
    "issue_slips",
    "refund",
    "reissue_slip",
    "reverse",
    "revise",
    "settings",
    "settle",
    "take_in",
    "try_out",
    "withdraw_slip",
    "write_off",
]
