"""Others who sign with the applicant: asked with a code, shown what they sign, waited for until a day (共同の署名)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from municipal.applicants.authority import Signature
from municipal.applicants.issuer import digest
from municipal.applicants.models import Applicant
from municipal.applicants.operations.delegating import CODE_LENGTH, LETTERS
from municipal.applications.following import guards_steps
from municipal.applications.models import Case, CaseEvent, CoSigner
from municipal.applications.rules.steps import is_over
from municipal.applications.standing import refuse_if_ended
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Field

from .signing import checked, digest_of

KEPT_FOR, MOST = timedelta(days=14), 5
SHOWN = frozenset({"choice", "choices", "yes_no", "date", "number", "person", "people", "group"})
"""Kinds of answers that a co-signer is shown: none that could say where somebody lives, no account, no file."""
NO_NAME = _("一緒に署名する方の氏名を入れてください。")
TOO_MANY = _("一緒に署名する方は5人までです。")
IS_OVER = _("この申請は終わっているため、署名を頼めません。")
NO_CODE = _("この署名番号は使えません。番号と、14日の期限を確かめてください。")
OWN = _("申請した方とは別の方が署名してください。")
STILL_OPEN = _("一緒に申請する方の署名を待っています。署名がそろうか期限が過ぎてから承認してください。")


@dataclass(frozen=True)
class AskedToSign:
    """Somebody who is to sign, and the code that the applicant hands over (署名番号)."""

    cosigner: CoSigner
    code: str


@operation("applications.ask_to_sign")
def ask_to_sign(*, actor: Actor, case: int, name: str) -> AskedToSign:
    """Ask somebody to sign a case within fourteen days (共同の署名の依頼). Raises Refused."""
    found, said = Case.objects.select_for_update(of=("self",)).get(pk=case), name.strip()
    refuse_if_ended(found)
    if not said or len(said) > 100:
        raise Refused(NO_NAME, field="name", code="no_name")
    if is_over(found.workflow, found.state) or found.state == "approved":
        raise Refused(IS_OVER, code="is_over")
    if found.cosigners.count() >= MOST:
        raise Refused(TOO_MANY, code="too_many_cosigners")
    now, code = clock.now(), "".join(secrets.choice(LETTERS) for _at in range(CODE_LENGTH))
    made = CoSigner.objects.create(
        case=found, name=said, code_hash=digest(code), asked_at=now, expires_at=now + KEPT_FOR
    )
    record(actor=actor, code=found.number)
    return AskedToSign(made, code)


def cosigner_of(code: str, account: Applicant, *, is_for_change: bool = False) -> CoSigner:
    """The request that this code opens, for whoever is signed in with their own card (署名の依頼の照会).

    Raises Refused for a wrong code, an old one, one that somebody else used, and for who applied.
    """
    typed = "".join(code.upper().replace("-", " ").split())
    rows = CoSigner.objects.select_related("case").filter(code_hash=digest(typed))
    found = (rows.select_for_update(of=("self",)) if is_for_change else rows).first()
    is_theirs = found is not None and found.account_id in (None, account.pk)
    if found is None or not is_theirs or (found.signed_at is None and not found.is_open(clock.now())):
        raise Refused(NO_CODE, field="code", code="no_such_code")
    if is_over(found.case.workflow, found.case.state):
        raise Refused(NO_CODE, field="code", code="no_such_code")
    if found.case.account_id == account.pk:
        raise Refused(OWN, field="code", code="own_case")
    return found


def _shown(fields: Sequence[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for field in fields:
        if field.type in SHOWN and field.name in answers:
            value = answers[field.name]
            is_rows = field.type == "group" and isinstance(value, list)
            kept[field.name] = [_shown(field.fields, row) for row in value] if is_rows else value
    return kept


def cosigned_fields(case: Case) -> list[Field]:
    """The questions of a case that a co-signer sees and signs (署名する方に見せる項目)."""
    return [field for field in case.asked.asks if field.type in SHOWN]


def cosigned_answers(case: Case) -> dict[str, Any]:
    """The answers that a co-signer sees and signs (署名する方に見せる回答)."""
    return _shown(case.asked.asks, case.answers)


def cosigned_digest(case: Case) -> str:
    """The digest of what a co-signer sees: procedure, number, the applicant's name, these answers (署名の照合値)."""
    return digest_of({
        "procedure": case.procedure, "version": case.version, "number": case.number,
        "applicant": case.applicant.get("name", ""), "answers": cosigned_answers(case), "people": case.people,
    })  # fmt: skip


@operation("applications.cosign")
def cosign(*, actor: Applicant, code: str, signed: Signature | None) -> CoSigner:
    """Sign a case with one's own card; signed twice, it is signed once (共同の署名). Raises Refused."""
    found = cosigner_of(code, actor, is_for_change=True)
    if found.signed_at is None:
        found.signature = checked(actor, signed, cosigned_digest(found.case))
        found.account, found.signed_at = actor, clock.now()
        found.save(update_fields=["account", "signed_at", "signature"])
    record(actor=actor, subjects=[actor.person_id] if actor.person_id else [], code=found.case.number)
    return found


def cosigners_of(case: Case) -> QuerySet[CoSigner]:
    """Who was asked to sign, in order (共同の申請者の一覧)."""
    return case.cosigners.order_by("pk")


@guards_steps
def wait_for_signatures(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Nothing is approved while a signature is open; one whose time is over is waited for no longer (署名待ち)."""
    if event.action == "approve" and any(one.is_open(clock.now()) for one in cosigners_of(case)):
        raise Refused(STILL_OPEN, code="cosignature_open")
