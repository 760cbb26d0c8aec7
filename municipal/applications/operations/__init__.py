"""Writing, submitting, correcting and deciding applications (申請の操作)."""

from .actors import APPLICANT
from .correcting import correct, to_sign_again, withdraw
from .cosigning import ask_to_sign, cosign, cosigner_of
from .drafting import Begun, adopt, attach, begin, detach, discard, draft_of, refuse_unless_theirs, resume, save
from .handling import take_step
from .prefilling import Said, answer_held, prefill
from .refreshing import see_differences
from .submitting import case_of, own_case, submit, to_sign

__all__ = [
    "APPLICANT", "Begun", "Said", "adopt", "answer_held", "ask_to_sign", "attach", "begin", "case_of", "correct",
    "cosign", "cosigner_of", "detach", "discard", "draft_of", "own_case", "prefill", "refuse_unless_theirs", "resume",
    "save", "see_differences", "submit", "take_step", "to_sign", "to_sign_again", "withdraw",
]  # fmt: skip
