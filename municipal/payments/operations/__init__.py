"""Everything that changes debts and books (公金の操作)."""

from municipal.payments.assessments import Assessed

from .charging import assess, assess_file, revise
from .closing import close_through
from .collecting import TakenIn, take_in, take_in_lines, try_out
from .demands import demand, order_demands
from .interest import charge_interest, order_interest
from .owners import Joint, name_joint_payers, release_joint_payer
from .posting import reverse
from .runs import issue_in_run, note_counter_slips, order_slip_run, print_run_again
from .settings import change_settings, settings
from .settling import apply, identify, refund, settle
from .slips import issue_slips, reissue_slip, withdraw_slip
from .writing_off import write_off

__all__ = [
    "Assessed",
    "Joint",
    "TakenIn",
    "apply",
    "assess",
    "assess_file",
    "change_settings",
    "charge_interest",
    "close_through",
    "demand",
    "identify",
    "issue_in_run",
    "issue_slips",
    "name_joint_payers",
    "note_counter_slips",
    "order_demands",
    "order_interest",
    "order_slip_run",
    "print_run_again",
    "refund",
    "reissue_slip",
    "release_joint_payer",
    "reverse",
    "revise",
    "settings",
    "settle",
    "take_in",
    "take_in_lines",
    "try_out",
    "withdraw_slip",
    "write_off",
]
