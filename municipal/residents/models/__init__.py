"""The tables of the resident register (住民基本台帳の表)."""

from .draft import OPEN, Claim, Draft, DraftState, Lease, RegisterSettings
from .event import Basis, Capacity, IdentityCheck, ResidentEvent
from .grave_alert import GraveAlert
from .notes import ActualHead, Investigation, Memo, Remark, StandingNote
from .period import Period
from .received import Received, ReceivedKind
from .record import Household, Kind, ResidentRecord
from .remembered_search import RememberedSearch
from .search_key import Script, SearchKey
from .stored import StoredRecord

__all__ = [
    "OPEN",
    "ActualHead",
    "Basis",
    "Capacity",
    "Claim",
    "Draft",
    "DraftState",
    "GraveAlert",
    "Household",
    "IdentityCheck",
    "Investigation",
    "Kind",
    "Lease",
    "Memo",
    "Period",
    "Received",
    "ReceivedKind",
    "RegisterSettings",
    "Remark",
    "RememberedSearch",
    "ResidentEvent",
    "ResidentRecord",
    "Script",
    "SearchKey",
    "StandingNote",
    "StoredRecord",
]
