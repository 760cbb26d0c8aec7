"""The office's tables (庶務の表)."""

from .answers import KeptAnswer
from .jobs import Job, JobError
from .outbox import Delivery, OutboxEvent
from .proposals import Proposal

__all__ = ["Delivery", "Job", "JobError", "KeptAnswer", "OutboxEvent", "Proposal"]
