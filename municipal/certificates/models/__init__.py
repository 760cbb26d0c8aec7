"""The tables of certificates: what was issued, how forms are set up, seals, printers (証明の表)."""

from .issue import CertificateCopy, CertificateIssue, Disposal, Requester
from .setting import Colour, FormSettings, LaterRule, MemberOrder, Output, Printer, Seal, SealKind, SealUse, Signer

__all__ = [
    "CertificateCopy",
    "CertificateIssue",
    "Colour",
    "Disposal",
    "FormSettings",
    "LaterRule",
    "MemberOrder",
    "Output",
    "Printer",
    "Requester",
    "Seal",
    "SealKind",
    "SealUse",
    "Signer",
]
