"""Acts on numbers: individual numbers entered, changed, shown, found; codes stocked (番号の操作)."""

from .codes import change_settings, is_low, settings, stock_codes, stocked, take_out, unused_code
from .entering import enter_number, restore, retract
from .showing import find, has_number, holder_of, refuse_held, show

__all__ = [
    "change_settings",
    "enter_number",
    "find",
    "has_number",
    "holder_of",
    "is_low",
    "refuse_held",
    "restore",
    "retract",
    "settings",
    "show",
    "stock_codes",
    "stocked",
    "take_out",
    "unused_code",
]
