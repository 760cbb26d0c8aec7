"""Writing, submitting, correcting and deciding applications (申請の操作)."""

from .actors import APPLICANT
from .correcting import correct, withdraw
from .drafting import Begun, attach, begin, detach, discard, draft_of, save
from .handling import take_step
from .submitting import case_of, submit

__all__ = [
    "APPLICANT", "Begun", "attach", "begin", "case_of", "correct", "detach", "discard", "draft_of", "save", "submit",
    "take_step", "withdraw",
]  # fmt: skip
