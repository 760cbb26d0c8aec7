"""Handing over and taking in (引渡しと受入れの操作)."""

from .entitlements import take_in_services
from .handovers import approve_handover, export_residents, order_handover, write_handover
from .intakes import INTAKE, begin_intake, load_intake, note_checked, order_intake
from .linkage import change_linkage, is_due, linkage, tell_changes
from .slips import take_in_slips

__all__ = [
    "INTAKE",
    "approve_handover",
    "begin_intake",
    "change_linkage",
    "export_residents",
    "is_due",
    "linkage",
    "load_intake",
    "note_checked",
    "order_handover",
    "order_intake",
    "take_in_services",
    "take_in_slips",
    "tell_changes",
    "write_handover",
]
