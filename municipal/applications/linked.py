"""What other offices are asked for a case, and the papers that are asked for where they do not answer (連携).

A paper that the municipality can obtain is not asked for (Once Only; デジタル手続法第11条, unverified). Only where the
linkage failed, or cannot be used for this case, may it be sent back for.
"""

from collections.abc import Iterable

from municipal.applications.models import Case
from municipal.applications.rules.applicant import EVIDENCE, PAPERS, papers
from municipal.applications.rules.attachments import MOST_FILES
from municipal.evidence.kinds import LINKAGE, Wanted, kind_of_document, wanted_of
from municipal.evidence.models import EvidenceRequest
from municipal.evidence.rules.states import FAILED, OPEN, State
from municipal.evidence.server import server
from municipal.municipalities import wall
from municipal.procedures.catalogue import Evidence, Field

ASK = "ask"
"""How an entry says that the applicant is asked where the linkage does not answer."""
FILES = min(5, MOST_FILES)


def latest_of(case: Case) -> dict[str, EvidenceRequest]:
    """The last question of each kind that was put for a case (最新の照会)."""
    found = EvidenceRequest.objects.filter(reference=case.number).order_by("pk")
    return {one.kind: one for one in found}


def waits_for(case: Case) -> bool:
    """Whether an answer is still awaited (回答待ちか)."""
    return EvidenceRequest.objects.filter(reference=case.number, state__in=OPEN).exists()


def askable(case: Case, *, anew: bool = True) -> list[Wanted]:
    """What may be asked now: never while it is open or answered; ``anew``: after it failed, too (照会できる情報)."""
    if case.about_id is None or server(wall.current()) is None:
        return []
    known = latest_of(case)
    return [
        one for one in wanted_of(case.asked)
        if one.kind.name not in known or (anew and State(known[one.kind.name].outcome or State.CREATED) in FAILED)
    ]  # fmt: skip


def field_of(one: Evidence) -> Field:
    """A paper as a question for files (書類の項目)."""
    return Field(f"{EVIDENCE}{one.id}", "file", one.title, one.how, False, PAPERS, most=FILES)


def replaced(case: Case) -> list[Evidence]:
    """Papers that may be asked for because no office answers for them (連携で確かめられなかった書類)."""
    known = latest_of(case)
    has_way = case.about_id is not None and server(wall.current()) is not None
    return [
        one for one in case.asked.evidence
        if one.obtained == LINKAGE and one.fallback == ASK and _has_failed(one, known, has_way=has_way)
    ]  # fmt: skip


def _has_failed(one: Evidence, known: dict[str, EvidenceRequest], *, has_way: bool) -> bool:
    kind = kind_of_document(one.id)
    if kind is None or kind.via != LINKAGE or not kind.basis.law or not has_way:
        return True
    return kind.name in known and known[kind.name].outcome in FAILED


def papers_asked(case: Case) -> tuple[Field, ...]:
    """The papers that were asked for: those only the applicant has, and those a case was sent back for (求めた書類)."""
    asked = _sent_back(case.events.filter(action="send_back").values_list("fields", flat=True))
    more = (field_of(one) for one in case.asked.evidence if one.obtained == LINKAGE)
    return (*papers(case.asked), *(one for one in more if one.name in asked))


def papers_of(case: Case) -> tuple[Field, ...]:
    """The same, and those that may be asked for now because no office answers for them (添付する書類)."""
    asked = papers_asked(case)
    known = {one.name for one in asked}
    return (*asked, *(one for one in map(field_of, replaced(case)) if one.name not in known))


def _sent_back(named: Iterable[list[str]]) -> set[str]:
    return {name for fields in named for name in fields}
