"""Taking applications in, deciding what nobody could, telling the portal (申請管理の操作)."""

from .deciding import accept_change, choose, dismiss, give_back, retry
from .fetching import ask_now, configure, fetch, is_due
from .forgetting import forget
from .playing import play_application, play_fault
from .reporting import note_steps, release, send_reports
from .settings import PORTAL, settings_of
from .taking_in import note_refusal, take_in

__all__ = [
    "PORTAL", "accept_change", "ask_now", "choose", "configure", "dismiss", "fetch", "forget", "give_back", "is_due",
    "note_refusal", "note_steps", "play_application", "play_fault", "release", "retry", "send_reports", "settings_of",
    "take_in",
]  # fmt: skip
