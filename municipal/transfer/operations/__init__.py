"""Handing over and taking in (引渡しと受入れの操作)."""

from .handovers import approve_handover, export_residents, order_handover, write_handover
from .intakes import INTAKE, begin_intake, load_intake, note_checked, order_intake

__all__ = [
    "INTAKE",
    "approve_handover",
    "begin_intake",
    "export_residents",
    "load_intake",
    "note_checked",
    "order_handover",
    "order_intake",
    "write_handover",
]
