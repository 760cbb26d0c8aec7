"""Who takes the money for us, and what is said between us (支払サービスとの約束).

A provider is a class named by the setting ``KIJUN_PAYMENT_PROVIDER``; ``simulator.Simulator`` is the one that comes
with the house. It is called outside of our transactions, as a service elsewhere would be: what it answers is noted
afterwards, and what it did not answer is asked again (``operations.attending``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from municipal.core.refusals import Refused

from .rules.states import Kind


class ProviderDown(Exception):  # noqa: N818  (an answer we did not get)
    """The provider did not answer, or not in a way that can be understood (支払サービスの不通)."""


@dataclass(frozen=True)
class Order:
    """What the provider is asked to take: for which payment of ours, how much, by which way, until when (支払の依頼).

    Asked twice with one ``payment``, the provider answers the same and begins once.
    """

    payment: UUID
    town: int
    number: str
    yen: int
    method: str
    return_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Started:
    """The provider's own number (at most 40 letters) and the page to which the payer is led (支払の開始)."""

    reference: str
    page: str


@dataclass(frozen=True)
class Notice:
    """One thing that happened at the provider, told by a webhook or as an answer (支払サービスの通知).

    ``payment``: our public number; ``refund``: that of the refund a notice is about. ``paid_on``: the day of payment in
    Japan; ``code``: one of ``rules.states.Failure`` where nothing was paid.
    """

    kind: Kind
    town: int
    payment: UUID
    reference: str
    yen: int
    at: datetime
    paid_on: date | None = None
    code: str = ""
    refund: UUID | None = None


class Provider(Protocol):
    """What is asked of whoever takes the money (支払サービス)."""

    is_simulated: bool
    """No money moves: pages say so."""

    @property
    def secret(self) -> bytes:
        """The key with which its webhooks are signed."""

    def start(self, order: Order) -> Started:
        """Begin a payment, or find the one begun before. Raises ProviderDown."""

    def status(self, town: int, reference: str) -> Sequence[Notice]:
        """Everything that has happened to a payment. Raises ProviderDown."""

    def cancel(self, town: int, reference: str) -> bool:
        """Give a payment up; False where the money was taken already. Raises ProviderDown."""

    def refund(self, town: int, reference: str, refund: UUID, yen: int) -> None:
        """Pay money back; asked twice with one ``refund``, it is paid once. Raises ProviderDown."""

    def heard(self, body: bytes) -> Notice:
        """Read the body of a webhook. Raises ValueError for one that is none."""


def provider(town: int) -> Provider | None:
    """Who takes money online for this municipality; None where nobody does (支払サービスの選択)."""
    if not settings.KIJUN_PAYMENT_PROVIDER:
        return None
    made = import_string(settings.KIJUN_PAYMENT_PROVIDER)
    found: Provider | None = made.of(town)
    return found


def needed(town: int) -> Provider:
    """The same, where there must be one. Raises Refused where nobody takes money online (支払サービスの照会)."""
    found = provider(town)
    if found is None:
        raise Refused(
            "この自治体では、オンラインの納付はまだ使えません。納付書に書かれた場所で納めてください。",
            code="unavailable",
        )
    return found
