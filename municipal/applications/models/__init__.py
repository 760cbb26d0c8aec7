"""What is written, submitted and decided (申請の記録)."""

from .bundles import Bundle
from .cases import Case, CaseEvent, Channel
from .drafts import Attachment, Draft

__all__ = ["Attachment", "Bundle", "Case", "CaseEvent", "Channel", "Draft"]
