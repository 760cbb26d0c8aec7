"""What is written, submitted and decided (申請の記録)."""

from .cases import Case, CaseEvent
from .drafts import Attachment, Draft

__all__ = ["Attachment", "Case", "CaseEvent", "Draft"]
