"""Cases about residents of the register, ready to be approved (試験用の実施)."""

from collections.abc import Sequence
from typing import Any

from municipal.applications.keys import code_of
from municipal.applications.models import Case, Channel
from municipal.applications.operations import APPLICANT, attach, begin, save, submit
from municipal.applications.operations.findings import find
from municipal.applications.rules.answers import asked
from municipal.applications.rules.findings import DAMAGE
from municipal.office.outbox import deliver_next
from municipal.procedures.catalogue import Field, entry_of
from municipal.procedures.offered import current
from municipal.residents.models import Draft, ResidentRecord
from municipal.residents.tests.acting import act, family, newcomer_said, people_of

from .acting import CHIEF, CLERK, YOU, stepped
from .filling import picture
from .test_fees import paid

DAMAGED = {"degree": "half", "disaster": "令和8年5月の大雨", "disaster_on": "2026-05-12"}
ONE, TWO = ("accept", "pass_form", "approve"), ("accept", "pass_form", "propose")
NEW_HOME = "架空県模擬町本通２番地３　見本荘１０１"


def a_family() -> list[ResidentRecord]:
    """太郎, 花子, 一郎 and 二子, who live here since 11 May 2026."""
    return people_of(act("move_in", people=family()))


def somebody(**items: Any) -> ResidentRecord:
    """太郎 alone."""
    found: ResidentRecord = people_of(act("move_in", people=(newcomer_said(**items),)))[0]
    return found


def as_said(row: ResidentRecord) -> dict[str, str]:
    return {"name": row.name, "born_on": row.born_on.date.isoformat()}


def answer_to(field: Field) -> Any:
    """Something that fits a question, whatever it asks."""
    simple = {
        "date": "2026-05-18", "yes_no": True, "number": 1, "address": NEW_HOME, "people": ["m0"],
        "person": {"name": "甲野　太郎", "born_on": "1985-04-01"},
        "account": {"bank": "0001", "branch": "001", "number": "1234567", "kind": "ordinary", "holder": "コウノ"},
    }  # fmt: skip
    if field.type in simple:
        return simple[field.type]
    if field.type == "choice":
        return field.options[0].value
    if field.type == "choices":
        return [one.value for one in field.options]
    if field.type == "group":
        return [_answered(field.fields)]
    return {"item": "自転車"}.get(field.name, "カタカナ" if "kana" in field.name else "甲野")


def _answered(fields: Sequence[Field]) -> dict[str, Any]:
    """Every question answered, but for files; an answer may lead to another question."""
    found: dict[str, Any] = {}
    for _ in range(3):
        found = {one.name: answer_to(one) for one in asked(fields, found) if one.type != "file"}
    return found


def answers_to(code: str) -> dict[str, Any]:
    """Every question of a form answered, but for files."""
    content = current(code)
    assert content is not None
    return _answered(entry_of(content).asks)


def about(code: str, who: ResidentRecord | None, answers: dict[str, Any], *people: ResidentRecord, **said: Any) -> Case:
    """A case about ``who``, in whose answers ``people`` are m0, m1 and so on, with the files that a form wants."""
    made = begin(
        actor=APPLICANT, procedure=code, language="ja", channel=Channel.PAPER, about=who.addressee if who else None
    )
    named = {f"m{index}": as_said(one) for index, one in enumerate(people)} | said.pop("named", {})
    for field in made.draft.asked.asks:
        for name in _files(field):
            attach(actor=APPLICANT, to=made.draft, field=name, name="写真.png", content=picture())
    save(
        actor=APPLICANT, draft=made.draft.public, token=made.token, page="you", answers=answers, people=named,
        applicant=YOU | (as_said(who) if who else {}) | said,
    )  # fmt: skip
    case = submit(actor=APPLICANT, draft=made.draft.public, token=made.token)
    CODES[case.number] = code_of(made.token)
    return case


CODES: dict[str, str] = {}
"""The code of every case that was made here, by its number."""


def _files(field: Field) -> list[str]:
    inner = [f"{field.name}__0__{one.name}" for one in field.fields if one.type == "file" and one.is_required]
    return [field.name] if field.type == "file" and field.is_required else inner


def approved(case: Case) -> Case:
    """Through to the approval, by as many people as the table wants."""
    if case.workflow == "standard":
        case = stepped(case, *TWO[:2])
        if case.asked.does == DAMAGE:
            find(actor=CLERK, case=case.pk, seen=case.events.count(), values=DAMAGED)
        return stepped(stepped(case, *TWO[2:]), "approve", actor=CHIEF)
    if case.workflow == "reservation":
        return stepped(case, "accept", "pass_form", "reserve", "visited")
    if case.workflow == "certificate":
        return paid(stepped(case, *ONE), reference=f"R{case.pk}")
    return stepped(case, *ONE)


def moving_out(people: list[ResidentRecord], **said: Any) -> Case:
    answers = {
        "movers": [f"m{index}" for index in range(len(people))], "moved_out_on": "2026-06-10",
        "new_address": NEW_HOME, "visit_on": "2026-06-12", "contact": "000-0000-0000",
    }  # fmt: skip
    return about("move-out", people[0], answers | said, *people)


def delivered() -> None:
    """Everything that waits in the outbox has arrived."""
    while deliver_next():
        pass


def draft_of(case: Case) -> Draft:
    return Draft.objects.get(pk=str(case.outcomes.get(kind="entry").reference))


__all__ = ["CHIEF", "CLERK"]
