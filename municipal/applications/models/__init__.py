"""What is written, submitted and decided (申請の記録)."""

from .bundles import Bundle, FollowUp
from .cases import Case, CaseEvent, Channel
from .cosigners import CoSigner
from .drafts import Attachment, Draft
from .fees import CaseFee, FeeQuote
from .findings import DamageCertificate, Finding
from .holds import Hold, KeepingPeriod
from .messages import Message, ReadMark, Side
from .outcomes import CaseOutcome
from .receptions import Agreed, Desk, Reception
from .tellings import MailAddress, Telling, Way

__all__ = [
    "Agreed", "Attachment", "Bundle", "Case", "CaseEvent", "CaseFee", "CaseOutcome", "Channel", "CoSigner",
    "DamageCertificate", "Desk", "Draft", "FeeQuote", "Finding", "FollowUp", "Hold", "KeepingPeriod", "MailAddress",
    "Message", "ReadMark", "Reception", "Side", "Telling", "Way",
]  # fmt: skip
