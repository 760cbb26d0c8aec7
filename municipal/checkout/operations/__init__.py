"""Everything that is done about paying online (オンライン納付の操作)."""

from .actors import PAYER
from .attending import attend, expire_payments, sync
from .hearing import hear, learn, receive
from .looking import open_slip
from .paying import cancel, find, give_up, note_start, pay, start_payment
from .playing import at, deliver, file_of_day, needs_simulator, play_act, play_channel
from .refunding import Refundable, refundable, request_refund, send_refund

__all__ = [
    "PAYER",
    "Refundable",
    "at",
    "attend",
    "cancel",
    "deliver",
    "expire_payments",
    "file_of_day",
    "find",
    "give_up",
    "hear",
    "learn",
    "needs_simulator",
    "note_start",
    "open_slip",
    "pay",
    "play_act",
    "play_channel",
    "receive",
    "refundable",
    "request_refund",
    "send_refund",
    "start_payment",
    "sync",
]
