"""Acts on the register: entering, deciding, returning, cancelling (住民記録の操作).

What each act changes is said in ``residents.acts``; here it is entered provisionally, decided and carried out.
"""

from .carrying_out import carry_out
from .departures import announced_and_due, remove_announced
from .entries import amend, decide, enter, preview, return_draft, withdraw
from .leases import open_entry, release_entry
from .recording import directory_entry, enter_record
from .settings import change_settings, settings

__all__ = [
    "amend",
    "announced_and_due",
    "carry_out",
    "change_settings",
    "decide",
    "directory_entry",
    "enter",
    "enter_record",
    "open_entry",
    "preview",
    "release_entry",
    "remove_announced",
    "return_draft",
    "settings",
    "withdraw",
]
