"""What came from the portal, what is told to it, and the portal of the training room (申請管理の記録)."""

from .portal import PortalApplication
from .received import OPEN, IntakeSettings, Received, ReceivedState
from .reports import ReportState, StatusReport

__all__ = [
    "OPEN", "IntakeSettings", "PortalApplication", "Received", "ReceivedState", "ReportState", "StatusReport",
]  # fmt: skip
