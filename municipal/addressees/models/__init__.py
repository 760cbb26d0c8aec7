"""The tables of addressees: who they are, who is protected, what is suppressed (宛名の表)."""

from .addressee import Addressee, AddresseeKind, LifeState, NumberSeries
from .directory import DirectoryRecord
from .measure import (
    EndReason,
    Forwarding,
    MeasureKind,
    MeasureStatus,
    MeasureStep,
    MeasureStepKind,
    Perpetrator,
    Protection,
    SupportMeasure,
)
from .recipient import Recipient, RecipientKind
from .suppression import Level, Process, Suppression, SuppressionSettings, TemporaryRelease

__all__ = [
    "Addressee",
    "AddresseeKind",
    "DirectoryRecord",
    "EndReason",
    "Forwarding",
    "Level",
    "LifeState",
    "MeasureKind",
    "MeasureStatus",
    "MeasureStep",
    "MeasureStepKind",
    "NumberSeries",
    "Perpetrator",
    "Process",
    "Protection",
    "Recipient",
    "RecipientKind",
    "SupportMeasure",
    "Suppression",
    "SuppressionSettings",
    "TemporaryRelease",
]
