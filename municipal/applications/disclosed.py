"""Who looked at somebody's record, as the person themselves may see it (本人が見る閲覧・提供の記録).

Only screens of a table are told of, in words that say no more than the kind of work: what is noted of investigations,
of protection, of papers that others asked for, or of a family member's notice, would tell a third party's affairs. Of
a protected person nothing is told here, and every page says alike that more is answered at the desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Q, QuerySet

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant
from municipal.audit.models import Entry, Kind
from municipal.audit.reading import entries_for
from municipal.core.actors import DELEGATE, RESIDENT, STAFF, SYSTEM
from municipal.evidence.answering import is_protected
from municipal.procedures.catalogue import Basis, Text, table
from municipal.procedures.catalogue import Entry as Procedure

from .models import Case

REGISTER, NUMBER, MONEY, ENTITLEMENT = "register", "number", "money", "entitlement"
APPLICATION, DESK = "application", "desk"
LAWS = {
    REGISTER: "住民基本台帳法", NUMBER: "番号法", MONEY: "地方自治法", ENTITLEMENT: "各制度の法令",
    DESK: "各手続の法令",
}  # fmt: skip
"""On which law the kinds of work rest; believed and not read, so that the page marks them."""
INVESTIGATION = "survey"
OFFICE, DELEGATED = "office", "delegate"


@dataclass(frozen=True)
class Look:
    """One look: by whom (OFFICE or DELEGATED), in which work, for which procedure, on which basis (閲覧)."""

    at: datetime
    by: str
    kind: str
    procedure: Text | None
    law: str
    article: str
    is_unverified: bool


@cache
def kinds() -> dict[str, str]:
    """The screens that are told of, by the beginning of their names (知らせる画面)."""
    return {row["prefix"]: row["kind"] for row in table("disclosures")}


def looks_at(person: Addressee) -> QuerySet[Entry]:
    """The entries that a person may see of themselves, the newest first; none of a protected one (本人の記録).

    Nothing is recorded here: whoever shows it does.
    """
    rows = entries_for(person.pk).filter(kind=Kind.DISCLOSURE)
    if is_protected(person.pk):
        return rows.none()
    told = Q()
    for prefix, kind in kinds().items():
        # What is noted of an application names its number: only theirs, not one of somebody they live with.
        told |= Q(screen__startswith=prefix, **({"code__in": list(_cases(person))} if kind == APPLICATION else {}))
    by_office = told & Q(actor_kind__in=(STAFF, SYSTEM))
    delegates = list(Applicant.objects.filter(delegations__principal=person).values_list("pk", flat=True))
    by_delegate = Q(actor_kind__in=(RESIDENT, DELEGATE), actor_id__in=delegates)
    return rows.filter(by_office | by_delegate).exclude(purpose=INVESTIGATION)


def _cases(person: Addressee) -> dict[str, Procedure]:
    rows = Case.objects.filter(Q(about=person) | Q(account__person=person, about=None))
    return {one.number: one.asked for one in rows.only("number", "entry")}


def told(person: Addressee, entries: list[Entry]) -> Iterator[Look]:
    """Entries in the words of the page (閲覧の表示)."""
    mine = _cases(person)
    for entry in entries:
        by = OFFICE if entry.actor_kind in (STAFF, SYSTEM) else DELEGATED
        kind = next((kind for prefix, kind in kinds().items() if entry.screen.startswith(prefix)), DESK)
        asked = mine.get(entry.code)
        basis = asked.basis[0] if asked and asked.basis else Basis(LAWS.get(kind, ""), "", "unverified")
        yield Look(entry.at, by, kind, asked.title if asked else None, basis.law, basis.article, basis.status != "seen")
