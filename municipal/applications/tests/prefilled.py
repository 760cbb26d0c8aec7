"""Residents who are signed in, and what is held of them, in one line each (試験用の引用)."""

from datetime import date
from typing import Any

from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.applicants.models import Applicant
from municipal.applications.models import Case, Draft
from municipal.applications.operations import answer_held, begin, prefill, save, submit
from municipal.applications.operations.prefilling import Said
from municipal.applications.prefill import Filled, Reader, filled, is_typed
from municipal.core import clock
from municipal.core.actors import System
from municipal.procedures.catalogue import Entry, by_id, entry_of, shipped
from municipal.procedures.tests.sample import BASIS, said, sample
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

SINCE = date(2026, 4, 1)
CLERK = System(actor_kind="staff", actor_id=1)


def resident(**items: Any) -> ResidentRecord:
    return newcomer(valid_from=SINCE, **items)


def account_of(person: Addressee, subject: str = "me") -> Applicant:
    return Applicant.objects.create(
        issuer="https://cards.example", subject=subject, person=person, linked_at=clock.now()
    )  # fmt: skip


def protected(record: ResidentRecord) -> None:
    protect(actor=CLERK, addressee=record.addressee, starts_on=SINCE, ends_on=None, is_own=True)


def shipped_entry(code: str) -> Entry:
    return by_id(shipped())[code]


def held(
    path: str, source: str = "register", *, law: str = "住民基本台帳法", is_notice: bool = False
) -> dict[str, Any]:
    return {"name": "x", "label": said("項目"), "source": source, "path": path, "basis": {**BASIS, "law": law},
            "is_notice_item": is_notice}  # fmt: skip


def one_of(path: str, about: Addressee | None, reader: Reader = Reader.OWN, **more: Any) -> dict[str, Any]:
    """The one item of an entry that holds only this path."""
    found: Filled = filled(entry_of(sample(holds=[held(path, **more)])), about, reader)
    return found["x"]


def a_filled_draft(code: str, person: Addressee, answers: dict[str, Any] | None = None) -> tuple[Draft, str]:
    """Begun by the resident, pre-filled and confirmed in every item."""
    account = Applicant.objects.filter(person=person).first() or account_of(person, f"of {person.pk}")
    made = begin(actor=account, procedure=code, language="ja", account=account)
    draft = prefill(actor=account, draft=made.draft)
    words = {
        name: Said(is_right=True, text="手で書いた" if is_typed(one) else "") for name, one in draft.filled.items()
    }
    answer_held(actor=account, draft=draft.public, token=made.token, said=words)
    save(
        actor=account, draft=draft.public, token=made.token, page="you", applicant={"phone": "000"},
        answers=answers or {}, people={},
    )  # fmt: skip
    return Draft.objects.get(pk=draft.pk), made.token


def sent(draft: Draft, token: str) -> Case:
    """Handed in by whoever began it."""
    assert draft.account is not None
    return submit(actor=draft.account, draft=draft.public, token=token)
