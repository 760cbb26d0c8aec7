"""What was handed over and what was taken in (引渡しと受入れの記録)."""

from .handover import Handover
from .intake import Intake, IntakeFault

__all__ = ["Handover", "Intake", "IntakeFault"]
