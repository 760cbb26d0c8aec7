"""What is said between us and the intermediate server of the national network (中間サーバーとの約束).

A question is registered, asked after and its result fetched, as the national exchange works; what others ask of us is
collected and answered over the same server. A server is a class named by the setting ``KIJUN_LINKAGE_SERVER``. It is
called outside of our transactions: what it answers is noted afterwards, and what it did not answer is asked again.
Shaped after published pictures of the exchange; tried against no real server.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class ServerDown(Exception):  # noqa: N818  (an answer we did not get)
    """The server did not answer, or not in a way that can be understood (中間サーバーの不通)."""


class Progress(StrEnum):
    """How far the server is with a question (照会の進み具合)."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    READY = "ready"


class Server(Protocol):
    """What is asked of the intermediate server (中間サーバー)."""

    is_simulated: bool
    """Nobody outside is asked: pages say so."""

    def register(self, town: int, public: UUID, body: bytes) -> str:
        """Take a question of ours; its receipt, the same for the same ``public``. Raises ServerDown."""

    def status(self, town: int, receipt: str) -> Progress:
        """How far it is. Raises ServerDown."""

    def fetch(self, town: int, receipt: str) -> Sequence[bytes]:
        """Every reply that came to a question, in the order in which they came. Raises ServerDown."""

    def questions(self, town: int) -> Sequence[bytes]:
        """What other offices ask of us and we have not replied to yet. Raises ServerDown."""

    def reply(self, town: int, public: UUID, body: bytes) -> None:
        """Send our reply; sent twice, the first one counts. Raises ServerDown."""


def server(town: int) -> Server | None:
    """The intermediate server of this municipality; None where it has none (中間サーバーの選択)."""
    if not settings.KIJUN_LINKAGE_SERVER:
        return None
    made = import_string(settings.KIJUN_LINKAGE_SERVER)
    found: Server | None = made.of(town)
    return found
