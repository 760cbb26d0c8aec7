"""What is written, submitted and decided (申請の記録)."""

from .bundles import Bundle, FollowUp
from .cases import Case, CaseEvent, Channel
from .cosigners import CoSigner
from .drafts import Attachment, Draft
from .fees import CaseFee, FeeQuote
from .outcomes import CaseOutcome
from .receptions import Agreed, Desk, Reception

__all__ = [
    "Agreed", "Attachment", "Bundle", "Case", "CaseEvent", "CaseFee", "CaseOutcome", "Channel", "CoSigner", "Desk", "Draft",
    "FeeQuote", "FollowUp", "Reception",
]  # fmt: skip
