"""What is asked of other offices, what they ask of us, and the simulated other side (情報連携の記録)."""

from .incoming import INCOMING_NAMES, IncomingQuestion
from .questions import STATE_NAMES, EvidenceRequest, EvidenceStep, LinkageCode
from .settings import EvidenceSettings
from .simulated import (
    BEHAVIOUR_NAMES,
    BEHAVIOURS,
    Behaviour,
    SimulatedBehaviour,
    SimulatedMail,
    SimulatedQuestion,
)

__all__ = [
    "BEHAVIOURS", "BEHAVIOUR_NAMES", "INCOMING_NAMES", "STATE_NAMES", "Behaviour", "EvidenceRequest",
    "EvidenceSettings", "EvidenceStep", "IncomingQuestion", "LinkageCode", "SimulatedBehaviour", "SimulatedMail",
    "SimulatedQuestion",
]  # fmt: skip
