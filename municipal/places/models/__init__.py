"""The tables of places: dictionary, buildings, counters, certifying officers (場所の表)."""

from .counters import InputPlace, PlaceKind, Terminal
from .dictionary import Block, Country, DictionaryUpdate, District
from .lots import Building, Lot, LotKind
from .master import Master
from .officers import CertifyingOfficer, Seat

__all__ = [
    "Block",
    "Building",
    "CertifyingOfficer",
    "Country",
    "DictionaryUpdate",
    "District",
    "InputPlace",
    "Lot",
    "LotKind",
    "Master",
    "PlaceKind",
    "Seat",
    "Terminal",
]
