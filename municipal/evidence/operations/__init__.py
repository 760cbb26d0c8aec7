"""Asking other offices, learning what they say, answering them (情報連携の操作)."""

from .actors import CLOCK, SERVER
from .asking import ask
from .attending import attend
from .learning import CAME, GIVEN_UP, expire, learn, note_pending, note_sent, postpone
from .playing import needs_simulator, play
from .replying import decide_question, note_replied, take_question
from .settings import change_settings, settings
from .using import show_exchanges, use

__all__ = [
    "CAME", "CLOCK", "GIVEN_UP", "SERVER", "ask", "attend", "change_settings", "decide_question", "expire", "learn",
    "needs_simulator", "note_pending", "note_replied", "note_sent", "play", "postpone", "settings", "show_exchanges",
    "take_question", "use",
]  # fmt: skip
