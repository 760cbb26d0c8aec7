"""Procedures and applications as plain data (申請のデータの形).

A list says nothing of anybody but the addressee number; what was answered is given only where it was asked for and may
be read. An address that is withheld from everybody is withheld here.
"""

from collections.abc import Iterable
from typing import Any

from municipal.applications.models import Attachment, Case, CaseEvent
from municipal.applications.rules.answers import Answers
from municipal.applications.rules.applicant import asked_of_applicant
from municipal.applications.rules.steps import Step, outward
from municipal.procedures.catalogue import Entry, Field, Text
from municipal.procedures.forms import schema_of

from .money_shapes import moment, word

APPLICATION = "ap"
OUTWARD = (
    "received", "processing", "correction", "error", "visit", "done", "rejected", "withdrawn", "expired",
)  # fmt: skip
"""What an applicant is told of a case; a draft is none yet."""


def texts(said: Text) -> dict[str, str]:
    """The four languages (4言語の文)."""
    return {"ja": said.ja, "ja-easy": said.easy, "en": said.en, "ko": said.ko}


def procedure(one: Entry) -> dict[str, Any]:
    """An entry of the catalogue in short (手続)."""
    return {
        "id": one.id, "version": one.version, "kind": one.kind, "title": texts(one.title), "is_online": one.is_online,
        "assurance": one.assurance, "workflow": one.workflow, "fee_yen": one.fee_yen, "events": list(one.events),
    }  # fmt: skip


def form(one: Entry) -> dict[str, Any]:
    """The same with its legal basis and the JSON Schema of its form; ``applicant``: what is asked of who applies."""
    known = asked_of_applicant(one)
    return procedure(one) | {
        "summary": texts(one.summary),
        "basis": [{"law": basis.law, "article": basis.article, "status": basis.status} for basis in one.basis],
        "applicant": [{"name": field.name, "type": field.type, "is_required": field.is_required} for field in known],
        "schema": schema_of(one) if one.is_online else None,
    }


def application(one: Case, steps: int) -> dict[str, Any]:
    """A case in a list (申請の一行). ``steps``: how many were taken, which is its version."""
    told, said = outward()[one.workflow, one.state]
    return {
        "id": word(APPLICATION, one.pk), "number": one.number, "version": steps, "procedure": one.procedure,
        "procedure_version": one.version, "state": one.state, "status": told, "status_text": texts(said),
        "channel": one.channel, "language": one.language, "about": one.about.number if one.about else None,
        "submitted_at": moment(one.submitted_at), "due_on": one.due_on.isoformat(),
        "correct_by": one.correct_by.isoformat() if one.correct_by else None, "changed_at": moment(one.changed_at),
    }  # fmt: skip


def attachment(one: Attachment) -> dict[str, Any]:
    """A file of a case without its content and without the name that somebody gave it (添付)."""
    return {"ref": str(one.ref), "field": one.field, "kind": one.kind, "size": one.size, "sha256": one.sha256}


def step(one: Step) -> dict[str, Any]:
    """A step that may be taken now (選べる処理)."""
    return {"action": one.action, "to": one.to, "needs_reason": one.needs_reason, "label": texts(one.label)}


def event(one: CaseEvent) -> dict[str, Any]:
    """A step that was taken; who did it, the audit knows (経過)."""
    return {
        "version": one.number, "action": one.action, "state_from": one.state_from, "state_to": one.state_to,
        "at": moment(one.at), "by": one.actor_kind, "reason": one.reason, "fields": one.fields,
    }  # fmt: skip


def content(one: Case, *, is_hidden: bool) -> dict[str, Any]:
    """What was applied for (申請の内容). ``is_hidden``: whose address is withheld, then every address is null."""
    applicant = {name: None if is_hidden and name == "address" else said for name, said in one.applicant.items()}
    filled = {
        name: {"source": str(said.get("source", "")), "as_of": said.get("as_of"), "status": str(said.get("status", ""))}
        for name, said in one.filled.items() if isinstance(said, dict)
    }  # fmt: skip
    answers = _without_addresses(one.asked.asks, one.answers) if is_hidden else one.answers
    return {
        "applicant": applicant, "answers": answers,
        "people": one.people, "taken_over": filled, "address_withheld": is_hidden,
    }  # fmt: skip


def _without_addresses(fields: Iterable[Field], answers: Answers) -> Answers:
    """Answers of people whose address is withheld: every question for an address is null, in rows of groups too."""
    kept: Answers = dict(answers)
    for field in fields:
        if field.name not in kept:
            continue
        if field.type == "address":
            kept[field.name] = None
        elif field.type == "group" and isinstance(kept[field.name], list):
            kept[field.name] = [_without_addresses(field.fields, row) for row in kept[field.name]]
    return kept
