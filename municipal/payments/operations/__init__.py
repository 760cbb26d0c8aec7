"""Everything that changes debts and books (公金の操作)."""

from municipal.payments.assessments import Assessed

from .assessing import order_assessments, receive_assessments, runs_of
from .charging import assess, assess_file, revise
from .closing import close_through, close_year
from .collecting import TakenIn, take_in, take_in_lines, try_out
from .crediting import Settled, settle, settle_file, try_settlements
from .deciding import decide, undo_decision
from .demands import demand, order_demands
from .endpoints import disable_endpoint, register_endpoint
from .guarded import refund_seen
from .interest import charge_interest, order_interest
from .owners import Joint, name_joint_payers, release_joint_payer
from .posting import reverse
from .receiving import order_collections, receive_collections, taken_from
from .runs import issue_in_run, note_counter_slips, order_slip_run, print_run_again
from .settings import change_settings, settings
from .settling import apply, identify, refund
from .slips import issue_slips, reissue_slip, withdraw_slip
from .writing_off import write_off

__all__ = [
    "Assessed",
    "Joint",
    "Settled",
    "TakenIn",
    "apply",
    "assess",
    "assess_file",
    "change_settings",
    "charge_interest",
    "close_through",
    "close_year",
    "decide",
    "demand",
    "disable_endpoint",
    "identify",
    "issue_in_run",
    "issue_slips",
    "name_joint_payers",
    "note_counter_slips",
    "order_assessments",
    "order_collections",
    "order_demands",
    "order_interest",
    "order_slip_run",
    "print_run_again",
    "receive_assessments",
    "receive_collections",
    "refund",
    "refund_seen",
    "register_endpoint",
    "reissue_slip",
    "release_joint_payer",
    "reverse",
    "revise",
    "runs_of",
    "settings",
    "settle",
    "settle_file",
    "take_in",
    "take_in_lines",
    "taken_from",
    "try_out",
    "try_settlements",
    "undo_decision",
    "withdraw_slip",
    "write_off",
]
