"""Ordering runs, changing addresses in bulk, closing days, catching up from paper (一括処理・日締め・後入力の操作)."""

from .changes import order_final, order_trial, take_changes
from .closing import close_day, reopen_day
from .papers import enter_paper, print_papers, receive_paper, spoil_paper
from .running import begin_due_runs, order_run, schedule_run, stop_schedule

__all__ = [
    "begin_due_runs",
    "close_day",
    "enter_paper",
    "order_final",
    "order_run",
    "order_trial",
    "print_papers",
    "receive_paper",
    "reopen_day",
    "schedule_run",
    "spoil_paper",
    "stop_schedule",
    "take_changes",
]
