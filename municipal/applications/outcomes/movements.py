"""Moving out, in and within, and changes of households, as the counter would enter them (異動の届書).

Whoever moves out is entered when the case is approved. Whoever moves in or within comes to the counter first: until
then the register stays as it is, and a clerk opens the form that was filled from the case (Act articles 22 and 23).
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.acts.standing import members_of, record_of
from municipal.residents.models import Received, ReceivedKind, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.received import notice_of, waiting
from municipal.residents.rules.deadlines import NOTICE_DAYS
from municipal.residents.rules.kinship import HEAD

from . import Done, carries
from .addresses import parts_of
from .entering import as_notice, entered
from .persons import chosen, is_same_person, member_named, notifier, subject_of, told_on

OTHER_HOUSEHOLD = _("世帯の合併・移動は、相手の世帯を確かめる必要があります。入力画面で入力してください。")
WHO_LEAVES = _("世帯を分ける人が申請からは決まりません。入力画面で選んでください。")


def _day(case: Case, name: str) -> RegisterDate:
    return RegisterDate.exact(date.fromisoformat(case.answers[name]))


@as_notice("register:move_out")
def moving_out(case: Case) -> Notice:
    """By card where somebody who goes has one and it is not too late: then no paper follows (転出; article 24-2)."""
    movers, day, told = chosen(case, case.answers["movers"]), _day(case, "moved_out_on"), told_on(case)
    is_in_time = (told - day.earliest()).days <= NOTICE_DAYS
    by_card = is_in_time and any(one.has_individual_number_card for one in movers)
    return Notice(
        act="move_out_by_card" if by_card else "move_out", event_on=day, notified_on=told,
        people=tuple(Said(one.addressee.number) for one in movers), place=parts_of(case.answers["new_address"]),
        **notifier(case),
    )  # fmt: skip


@carries("register:move_out")
def move_out(actor: Actor, case: Case) -> Done:
    """The provisional entry of a move-out (転出の仮登録)."""
    return entered(actor, case)


@as_notice("register:move_within")
def moving_within(case: Case) -> Notice:
    """Who moves where inside the town; whether they join a household there, the clerk asks (転居; article 23)."""
    movers = chosen(case, case.answers["movers"])
    return Notice(
        act="move_within", event_on=_day(case, "moved_on"), notified_on=clock.today(),
        people=tuple(Said(one.addressee.number) for one in movers),
        place=parts_of(case.answers["new_address"], needs_block=True), **notifier(case),
    )  # fmt: skip


@as_notice("register:move_in")
def moving_in(case: Case) -> Notice:
    """Who moves in: from the certificate data that the former municipality sent, else by what was typed (転入)."""
    rows = certificate_data(case)
    day = _day(case, "moved_on")
    said: dict[str, Any] = {
        **notifier(case), "event_on": day, "notified_on": clock.today(), "place": _new_home(case),
    }  # fmt: skip
    if not rows:
        items = {name: case.applicant.get(name, "") for name in ("name", "born_on")}
        items = {name: value for name, value in items.items() if value} | {"kind": "1", "relationship": HEAD}
        if items.get("born_on"):
            items["born_on"] = RegisterDate.exact(date.fromisoformat(items["born_on"]))
        return Notice(act="move_in", people=(Said("", items),), **said)
    notices = [notice_of(row) for row in rows]
    people = tuple(one for notice in notices for one in notice.people)
    first = max(people, key=lambda one: one.items.get("relationship") == HEAD)
    ordered = (first, *(one for one in people if one is not first))
    return replace(notices[0], people=ordered, **said)


def _new_home(case: Case) -> dict[str, str]:
    """Where who applied said to live, where that is in this town; an address elsewhere is the one they left."""
    try:
        parts = parts_of(str(case.applicant.get("address", "")), needs_block=True)
    except Refused:
        return {}
    here = Municipality.objects.get(pk=wall.current())
    return parts if (parts["prefecture"], parts["city"]) == (here.prefecture, here.name) else {}


def certificate_data(case: Case) -> list[Received]:
    """What was received of who applied, and of whoever leaves the same place on the same day (転出証明書情報)."""
    found = list(waiting(ReceivedKind.MOVE_OUT.value).filter(problem=""))
    own = [one for one in found if is_same_person(case, _as_record(one))]
    if len(own) != 1:
        return []
    return own + [one for one in found if one.pk != own[0].pk and _left(one) == _left(own[0])]


def _left(row: Received) -> tuple[str, ...]:
    names = ("planned_on", "prefecture", "city", "block", "lot", "building")
    return (row.sender, *(row.said.get(name, "") for name in names))


def _as_record(row: Received) -> ResidentRecord:
    read = notice_of(row).people[0]
    known = record_of(read.number) if read.number else ResidentRecord()
    return ResidentRecord(
        name=row.said.get("name", "") or known.name, born_on=read.items.get("born_on") or known.born_on
    )


@carries("register:move_in", "register:move_within")
def prepared(actor: Actor, case: Case) -> Done:
    """The visitor is here: the form is filled and waits for the clerk (来庁時の入力)."""
    return Done("prepared", None, is_over=False)


@as_notice("register:household_change")
def changing_household(case: Case) -> Notice:
    """A new head, or a household that divides; joining another one is left to the clerk (世帯変更; article 25)."""
    subject, change = subject_of(case), case.answers["change"]
    members = members_of(subject.household)
    said: dict[str, Any] = {"event_on": _day(case, "changed_on"), "notified_on": told_on(case), **notifier(case)}
    if change in ("merge", "move"):
        raise Refused(OTHER_HOUSEHOLD, code="other_household")
    head = member_named(members, case.answers["new_head"])
    if change == "head":
        return Notice(act="householder_change", people=(Said(head.addressee.number),), **said)
    if len(members) != 2:
        raise Refused(WHO_LEAVES, code="who_leaves")
    return Notice(act="household_split", people=(Said(head.addressee.number, {"relationship": HEAD}),), **said)


@carries("register:household_change")
def change_household(actor: Actor, case: Case) -> Done:
    """The provisional entry; of a new head the clerk confirms everybody's relationship first (世帯変更の仮登録)."""
    return prepared(actor, case) if case.answers["change"] == "head" else entered(actor, case)
