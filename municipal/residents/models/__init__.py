"""The tables of the resident register (住民基本台帳の表)."""

from .draft import OPEN, Claim, Draft, DraftState, Lease, RegisterSettings
from .event import Basis, Capacity, IdentityCheck, ResidentEvent
from .period import Period
from .record import Household, Kind, ResidentRecord
from .search_key import Script, SearchKey

__all__ = [
    "OPEN",
    "Basis",
    "Capacity",
    "Claim",
    "Draft",
    "DraftState",
    "Household",
    "IdentityCheck",
    "Kind",
    "Lease",
    "Period",
    "RegisterSettings",
    "ResidentEvent",
    "ResidentRecord",
    "Script",
    "SearchKey",
]
