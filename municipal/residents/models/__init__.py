"""The tables of the resident register (住民基本台帳の表)."""

from .period import Period
from .record import Household, Kind, ResidentRecord
from .search_key import Script, SearchKey

__all__ = ["Household", "Kind", "Period", "ResidentRecord", "Script", "SearchKey"]
