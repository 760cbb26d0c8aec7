"""What was taken from registers is read again before a decision; a clerk sees what changed (決定前の再照会)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applications.following import guards_steps
from municipal.applications.models import Case, CaseEvent
from municipal.applications.prefill import (
    HELD,
    UNAVAILABLE,
    WITHHELD,
    Filled,
    Reader,
    Reading,
    digest_of,
    is_hidden,
    is_to_be_checked,
    lines_of,
    read,
)
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Text

READING = ("substance_check", "waiting_evidence", "proposed")
"""States in which the office looks at registers: not yet while only the form is checked (実質審査の状態)."""
UNSEEN = _("引用した内容が台帳と違います。違いを確かめて「確かめました」を押してから、承認してください。")
CHANGED_AGAIN = _("画面を開いたあとで内容が変わりました。もう一度確かめてください。")
NOT_NOW = _("今の状態では、違いの確認はできません。画面を開き直してください。")

CHANGED, DOWN, TYPED, DOUBTED = "changed", "down", "typed", "doubted"


@dataclass(frozen=True)
class Difference:
    """One item that a clerk must look at before approving (引用の違い).

    ``kind``: the register says something else now (CHANGED) or does not answer (DOWN); the applicant wrote it
    themselves (TYPED) or says that the register is wrong (DOUBTED). ``mark`` stands for exactly this difference.
    """

    name: str
    label: Text
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    before_on: str
    after_on: str
    typed: str
    is_withheld: bool
    mark: str
    is_seen: bool


def reading_of(case: Case) -> Reading:
    """What registers say today of whom the case concerns, for the office; empty for a guest's case (再照会)."""
    if case.about is None or not case.filled:
        return Reading({})
    return read(case.asked, case.about, Reader.STAFF)


def differences(case: Case, now: Filled) -> list[Difference]:
    """Where what was filled in and what is true today differ, and what has to be checked otherwise (引用の違い)."""
    labels = {held.name: held.label for held in case.asked.holds}
    hidden, found = is_hidden(case.about_id), []
    for name, one in case.filled.items():
        kind = _kind(one, now.get(name))
        if kind and name in labels:
            found.append(_difference(name, labels[name], kind, one, now.get(name) or {}, is_hidden=hidden))
    return found


def _kind(before: dict[str, Any], after: dict[str, Any] | None) -> str:
    if before.get("is_confirmed") is False:
        return DOUBTED
    if before["status"] == UNAVAILABLE and (before.get("why") == "down" or before.get("typed")):
        return TYPED
    if before["status"] not in (HELD, WITHHELD) or not before.get("digest") or after is None:
        return ""
    if after["status"] == UNAVAILABLE:
        return DOWN
    return CHANGED if after["digest"] != before["digest"] else ""


def _difference(
    name: str, label: Text, kind: str, before: dict[str, Any], after: dict[str, Any], *, is_hidden: bool
) -> Difference:
    mark = digest_of([name, kind, before.get("digest", ""), after.get("digest", ""), before.get("typed", "")])
    new = lines_of(after, is_hidden=False) if after else []
    return Difference(
        name, label, kind, tuple(lines_of(before, is_hidden=is_hidden)), tuple(new), before["as_of"],
        after.get("as_of", ""), before.get("typed", ""),
        before["status"] == WITHHELD or after.get("status") == WITHHELD or bool(after.get("is_partial")) or is_hidden,
        mark, before.get("seen", {}).get("mark") == mark,
    )  # fmt: skip


def needs_checking(case: Case) -> bool:
    """Whether something of the case has to be confirmed by the office, known without asking a register (確認が必要)."""
    return any(is_to_be_checked(one) and one.get("why") != "not_kept" for one in case.filled.values())


@operation("applications.see_differences")
def see_differences(*, actor: Actor, case: int, marks: Collection[str]) -> Case:
    """Note that a clerk has seen these differences, each for what it is; seen twice is seen once (違いの確認).

    Raises Refused where there are others by now, and in a state in which the office looks at no register.
    """
    found = Case.objects.select_for_update(of=("self",)).get(pk=case)
    if found.state not in READING:
        raise Refused(NOT_NOW, code="not_now")
    reading = reading_of(found)
    here = differences(found, reading.items)
    if {one.mark for one in here} - set(marks):
        raise Refused(CHANGED_AGAIN, code="changed_again")
    for one in here:
        found.filled[one.name]["seen"] = {
            "mark": one.mark, "at": clock.now().isoformat(), "by": actor.actor_id, "kind": one.kind,
        }  # fmt: skip
    found.save(update_fields=["filled"])
    subjects = [found.about_id] if found.about_id else []
    record(actor=actor, subjects=subjects, fields=[one.name for one in here], code=found.number)
    return found


@guards_steps
def refuse_unseen(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Nothing is approved on what is not true any more, unless a clerk has seen it (承認前の再照会)."""
    if event.action != "approve" or not case.filled:
        return
    now = reading_of(case).items
    if any(not one.is_seen for one in differences(case, now)):
        raise Refused(UNSEEN, code="unseen_differences")
    for name, one in case.filled.items():
        if name in now:
            one["decided"] = {"as_of": now[name]["as_of"], "digest": now[name]["digest"], "status": now[name]["status"]}
    case.save(update_fields=["filled"])
