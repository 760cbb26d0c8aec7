"""Cards, applicants, sessions and delegations (申請者の表)."""

from .applicants import Applicant, ApplicantSession
from .cards import Card, Certificate, Revocation
from .consents import Consent
from .delegations import Delegation

__all__ = ["Applicant", "ApplicantSession", "Card", "Certificate", "Consent", "Delegation", "Revocation"]
