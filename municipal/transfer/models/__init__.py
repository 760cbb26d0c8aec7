"""What was handed over, what was taken in, and how other systems are told (引渡し・受入れ・連携の記録)."""

from .entitlements import ServiceState
from .handover import Handover
from .intake import Intake, IntakeFault
from .linkage import LinkageSettings

__all__ = ["Handover", "Intake", "IntakeFault", "LinkageSettings", "ServiceState"]
