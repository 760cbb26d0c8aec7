"""Acts on the register: entering, deciding, returning, cancelling (住民記録の操作).

What each act changes is said in ``residents.acts``; here it is entered provisionally, decided and carried out.
"""

from .alerting import set_grave_alerts
from .carrying_out import carry_out
from .codes import with_codes
from .departures import announced_and_due, remove_announced
from .entries import amend, decide, enter, preview, return_draft, withdraw
from .investigations import begin_investigation, end_investigation
from .leases import open_entry, release_entry
from .notes import (
    end_actual_head,
    set_actual_head,
    set_standing_note,
    strike_memo,
    strike_remark,
    write_memo,
    write_remark,
)
from .receiving import close_received, receive
from .recording import directory_entry, enter_record
from .renumbering import rename_domicile, renumber
from .settings import change_settings, settings
from .storing import store_removed

__all__ = [
    "amend",
    "announced_and_due",
    "begin_investigation",
    "carry_out",
    "change_settings",
    "close_received",
    "decide",
    "directory_entry",
    "end_actual_head",
    "end_investigation",
    "enter",
    "enter_record",
    "open_entry",
    "preview",
    "receive",
    "release_entry",
    "remove_announced",
    "rename_domicile",
    "renumber",
    "return_draft",
    "set_actual_head",
    "set_grave_alerts",
    "set_standing_note",
    "settings",
    "store_removed",
    "strike_memo",
    "strike_remark",
    "with_codes",
    "withdraw",
    "write_memo",
    "write_remark",
]
