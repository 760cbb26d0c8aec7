"""The tables of public money: what is charged, slips, what the channels report, the books (公金の表)."""

from .arrears import Demand, WriteOff
from .charge import ACCESSORIES, DEMAND_FEE, INTEREST, Assessment, Charge
from .collection import Channel, CollectionFile, Match, ReceivedFile, Report, Settlement, Stage
from .decision import Act, Decision
from .endpoints import WebhookCall, WebhookEndpoint
from .ledger import Account, Closing, Posting, PostingKind, Transfer
from .owners import JointPayer
from .run import CounterSlip, PrintOrder, RunSlip, SlipRun
from .settings import FloorPer, MoneySettings, YearBy
from .slip import Slip, Withdrawal
from .year_closing import YearClosing

__all__ = [
    "ACCESSORIES",
    "DEMAND_FEE",
    "INTEREST",
    "Account",
    "Act",
    "Assessment",
    "Channel",
    "Charge",
    "Closing",
    "CollectionFile",
    "CounterSlip",
    "Decision",
    "Demand",
    "FloorPer",
    "JointPayer",
    "Match",
    "MoneySettings",
    "Posting",
    "PostingKind",
    "PrintOrder",
    "ReceivedFile",
    "Report",
    "RunSlip",
    "Settlement",
    "Slip",
    "SlipRun",
    "Stage",
    "Transfer",
    "WebhookCall",
    "WebhookEndpoint",
    "Withdrawal",
    "WriteOff",
    "YearBy",
    "YearClosing",
]
