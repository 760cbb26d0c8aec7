"""Acts on addressees: numbers, non-residents, where mail goes, protection, suppression (宛名の操作).

Residents' rows follow the register: its operations call these.
"""

from .directory import DirectoryEntry, correct_payer, register_payer, register_unidentified
from .measure_details import (
    SEEN_FOR,
    forward_measure,
    join_measure,
    name_perpetrator,
    see_measure,
    withdraw_perpetrator,
)
from .measures import (
    apply_for_measure,
    correct_measure,
    end_measure,
    extend_measure,
    keep_protecting,
    measure_not_needed,
    receive_measure,
    start_measure,
)
from .numbers import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, NUMBER_WIDTH, give_number, give_numbers
from .protections import lift_protection, protect
from .recipients import Redirection, end_recipient, register_recipient
from .suppressions import change_release_minutes, lift_suppression, release_minutes, release_temporarily, suppress

__all__ = [
    "ADDRESSEE_NUMBERS",
    "HOUSEHOLD_NUMBERS",
    "NUMBER_WIDTH",
    "SEEN_FOR",
    "DirectoryEntry",
    "Redirection",
    "apply_for_measure",
    "change_release_minutes",
    "correct_measure",
    "correct_payer",
    "end_measure",
    "end_recipient",
    "extend_measure",
    "forward_measure",
    "give_number",
    "give_numbers",
    "join_measure",
    "keep_protecting",
    "lift_protection",
    "lift_suppression",
    "measure_not_needed",
    "name_perpetrator",
    "protect",
    "receive_measure",
    "register_payer",
    "register_recipient",
    "register_unidentified",
    "release_minutes",
    "release_temporarily",
    "see_measure",
    "start_measure",
    "suppress",
    "withdraw_perpetrator",
]
