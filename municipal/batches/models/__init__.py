"""The tables of runs over everybody, of the closing of days and of paper (一括処理・日締め・紙の受付の表)."""

from .changes import AddressChange, AddressChangeRow
from .closings import DayClosing, DayReopening
from .papers import PaperForm
from .runs import ListedPerson, Run, Schedule

__all__ = [
    "AddressChange",
    "AddressChangeRow",
    "DayClosing",
    "DayReopening",
    "ListedPerson",
    "PaperForm",
    "Run",
    "Schedule",
]
