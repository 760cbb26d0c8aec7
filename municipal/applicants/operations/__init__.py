"""Everything that changes cards, sessions of applicants and delegations (申請者の操作)."""

from .actors import HOLDER, REGISTER
from .cards import (
    enter_pin,
    follow_register,
    is_good,
    issue_card,
    renew_signature,
    report_loss,
    set_pin,
    sign,
    signer_of,
)
from .consenting import consent, redeem, told
from .delegating import (
    Offered,
    accept_delegation,
    close_for_the_dead,
    delegate,
    end_delegation,
    given_by,
    held_by,
    known_among,
    principals,
)
from .signing_in import Opened, find, forget_sessions, note_failure, see, sign_in, sign_out, town_of

__all__ = [
    "HOLDER",
    "REGISTER",
    "Offered",
    "Opened",
    "accept_delegation",
    "close_for_the_dead",
    "consent",
    "delegate",
    "end_delegation",
    "enter_pin",
    "find",
    "follow_register",
    "forget_sessions",
    "given_by",
    "held_by",
    "is_good",
    "issue_card",
    "known_among",
    "note_failure",
    "principals",
    "redeem",
    "renew_signature",
    "report_loss",
    "see",
    "set_pin",
    "sign",
    "sign_in",
    "sign_out",
    "signer_of",
    "told",
    "town_of",
]
