"""What a person takes along of their own data (私のデータの持出し).

No individual number, nothing that the register says of anybody, nobody else's name or birth date, and of a protected
person no address. One file at a time is read, so that a large export needs no large memory.
"""

import json
from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Q

from municipal.applicants.models import Applicant
from municipal.applicants.operations import given_by, held_by
from municipal.core import clock
from municipal.entitlements.models import Entitlement
from municipal.evidence.answering import is_protected
from municipal.procedures.catalogue import Field

from .models import Case, Channel, Draft
from .rules.attachments import KINDS

OF_OTHERS = frozenset({"person", "people"})
"""Types of questions whose answers name people; who they are is not exported."""
NOTE = (
    "申請したときに入力した内容、やりとり、受給資格、委任です。個人番号、ほかの人の氏名と生年月日、役所の台帳から引用した値は入っていません。"
    " / What you entered, messages, entitlements and delegations; without individual numbers, other people's names and"
    " dates of birth, and values taken from registers."
)


def cases_of(account: Applicant) -> Iterator[Case]:
    """The cases that somebody handed in for themselves (私の申請)."""
    rows = Case.objects.filter(account=account, channel=Channel.ONLINE, forgotten_at=None)
    yield from rows.filter(Q(about=None) | Q(about=account.person_id)).order_by("pk").iterator(chunk_size=20)


def write(file: IO[bytes], account: Applicant) -> None:
    """Write everything as a ZIP with one JSON file and the attachments (私のデータの書出し)."""
    hides = account.person_id is not None and is_protected(account.person_id)
    with ZipFile(file, "w", ZIP_DEFLATED) as found:
        told = []
        for case in cases_of(account):
            told.append(_case(case, hides_address=hides))
            for one in case.attachments.order_by("pk").iterator(chunk_size=1):
                found.writestr(_path(case, one.ref, one.kind), bytes(one.content))
        content = {
            "made_at": clock.now().isoformat(), "note": NOTE, "cases": told, "drafts": _drafts(account, hides),
            "entitlements": _entitlements(account), "delegations": _delegations(account),
        }  # fmt: skip
        found.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1))


def _path(case: Case, ref: Any, kind: str) -> str:
    return f"attachments/{case.number}/{ref}.{KINDS[kind][1]}"


def _case(case: Case, *, hides_address: bool) -> dict[str, Any]:
    return {
        "number": case.number, "procedure": case.procedure, "title": case.asked.title.ja, "state": case.state,
        "submitted_at": case.submitted_at.isoformat(), "due_on": case.due_on.isoformat(),
        "applicant": _applicant(case.applicant, hides_address=hides_address),
        "answers": _answers(case.asked.asks, case.answers, hides_address=hides_address),
        "reused": [{"item": one.get("path", ""), "source": one.get("source", "")} for one in case.filled.values()],
        "steps": [
            {"at": one.at.isoformat(), "action": one.action, "state": one.state_to, "reason": one.reason}
            for one in case.events.order_by("number")
        ],
        "messages": [
            {"at": one.at.isoformat(), "from": one.side, "text": one.text}
            for one in case.messages.order_by("number")
        ],
        "attachments": [
            {"file": _path(case, one.ref, one.kind), "name": one.name, "item": one.field}
            for one in case.attachments.order_by("pk").defer("content")
        ],
    }  # fmt: skip


def _applicant(said: dict[str, Any], *, hides_address: bool) -> dict[str, Any]:
    return {name: value for name, value in said.items() if not (hides_address and "address" in name)}


def _answers(fields: tuple[Field, ...], said: dict[str, Any], *, hides_address: bool) -> dict[str, Any]:
    """Answers by the names of their questions, without those that name people or a hidden address."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.name not in said or field.type in OF_OTHERS or (hides_address and field.type == "address"):
            continue
        value = said[field.name]
        if field.type == "group":
            value = [_answers(field.fields, row, hides_address=hides_address) for row in value or []]
        found[field.name] = value
    return found


def _drafts(account: Applicant, hides: bool) -> list[dict[str, Any]]:
    rows = Draft.objects.filter(account=account, case=None, channel=Channel.ONLINE, expires_at__gte=clock.now())
    mine = rows.filter(Q(about=None) | Q(about=account.person_id)).order_by("pk")
    return [
        {"procedure": one.procedure, "answers": _answers(one.asked.asks, one.answers, hides_address=hides)}
        for one in mine
    ]


def _entitlements(account: Applicant) -> list[dict[str, Any]]:
    """Those of the person about themselves or a child, without saying about whom."""
    if account.person_id is None or not account.is_resident:
        return []
    rows = Entitlement.objects.filter(person=account.person_id, recorded__upper_inf=True).order_by("number")
    return [
        {
            "number": one.number, "name": one.name, "state": one.state, "decided_on": one.decided_on.isoformat(),
            "from": one.valid.lower.isoformat() if one.valid and one.valid.lower else None,
            "until": one.valid.upper.isoformat() if one.valid and one.valid.upper else None,
            "amount_yen": one.amount_yen, "per": one.per,
        }
        for one in rows
    ]  # fmt: skip


def _delegations(account: Applicant) -> dict[str, list[dict[str, Any]]]:
    given = given_by(account.person_id) if account.person_id is not None and account.is_resident else []
    return {
        way: [
            {"kind": one.kind, "procedures": one.procedures, "until": one.until.isoformat(),
             "ended_at": one.ended_at.isoformat() if one.ended_at else None}
            for one in rows
        ]
        for way, rows in (("given", given), ("held", held_by(account)))
    }  # fmt: skip
