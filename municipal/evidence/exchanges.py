"""What offices said to each other about a person, as the person may see it (情報のやりとりの記録)."""

from dataclasses import dataclass
from datetime import datetime

from municipal.addressees.models import Addressee
from municipal.procedures.catalogue import Text

from .answering import is_protected
from .kinds import Kind, kinds
from .models import EvidenceRequest, IncomingQuestion
from .rules.states import Incoming

ASKED, ANSWERED = "asked", "answered"


@dataclass(frozen=True)
class Exchange:
    """One exchange: ``direction`` ASKED (we asked) or ANSWERED (we were asked); never what was said (やりとり).

    ``office``: who answered or who asked, empty while nobody has; ``procedure``: for what; ``outcome``: a state's word,
    empty while it is open; ``reference``: the number of our case.
    """

    at: datetime
    direction: str
    what: Text
    office: str
    procedure: str
    law: str
    article: str
    is_unverified: bool
    outcome: str
    reference: str = ""


def exchanges_of(person: Addressee) -> list[Exchange]:
    """Every exchange about ``person`` that may be shown, the newest first (本人のやりとりの記録).

    Withheld ones (不開示) are left out altogether, and so is everything about somebody protected: that an office asked
    tells where one lives. Nothing is recorded here: whoever shows it does.
    """
    if is_protected(person.pk):
        return []
    ours = EvidenceRequest.objects.filter(subject=person, is_withheld=False)
    others = IncomingQuestion.objects.filter(subject=person, is_withheld=False).exclude(state=Incoming.HELD.value)
    found = [*map(_asked, ours), *map(_answered, others)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _asked(one: EvidenceRequest) -> Exchange:
    return Exchange(
        one.created_at, ASKED, one.asks.title, one.office, one.procedure, one.law, one.article,
        one.basis_status != "seen", one.outcome, one.reference,
    )  # fmt: skip


def _answered(one: IncomingQuestion) -> Exchange:
    kind: Kind = kinds()[one.kind]
    outcome = "" if one.state == Incoming.RECEIVED else one.state
    return Exchange(
        one.received_at, ANSWERED, kind.title, one.asker, one.procedure, one.law, one.article, True, outcome
    )
