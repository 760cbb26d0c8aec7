"""A few applications of a made-up town, handed in and at different steps, so that no queue is empty (研修用の申請).

Played through the operations that residents and clerks use; nothing here could not be done on the pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from municipal.applicants.facts import facts_of
from municipal.applicants.issuer import issuer, subject
from municipal.applicants.management.commands.issue_cards import SIGNATURE_PIN
from municipal.applicants.models import Applicant, Card
from municipal.applicants.operations import HOLDER, sign, sign_in
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.municipalities import wall
from municipal.procedures.offered import offered

from .models import Case
from .operations import (
    APPLICANT,
    Begun,
    Said,
    answer_held,
    begin,
    prefill,
    save,
    submit,
    take_step,
    to_sign,
)
from .prefill import has_any, must_be_confirmed, must_be_typed
from .rules.applicant import YOU

CARDS_SINCE = timedelta(days=90)
GUEST = {"name": "見本　太郎", "phone": "000-0000-0000"}
REASON = "見本です。お使いになる日を確かめてください。"


@dataclass(frozen=True)
class Sample:
    """One application: what for, what is answered, how many days ago, and what the office did with it (見本の申請)."""

    procedure: str
    answers: Callable[[], Mapping[str, Any]]
    days_ago: int
    steps: Sequence[str] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


def _in(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


SAMPLES = (
    Sample("water-start", lambda: {
        "new_address": "架空市見本町1番地", "start_on": _in(5), "user_name": "見本　太郎", "contact": "000-0000-0000",
    }, 0),
    Sample("bulky-waste", lambda: {
        "items": [{"item": "机", "count": 1}], "place": "front", "collect_on": _in(9),
    }, 1),
    Sample("water-stop", lambda: {
        "customer_number": "見本-0001", "stop_on": _in(7), "settle": "slip", "new_address": "模擬町見本2番地",
        "contact": "000-0000-0000",
    }, 8, ("accept", "send_back"), {"fields": ["stop_on"], "reason": REASON}),
    Sample("nursery-status", lambda: {"is_unchanged": True}, 2),
    Sample("pension-category", lambda: {"left_on": _in(-20)}, 3, ("accept",)),
    Sample("care-plan", lambda: {"office": "見本ケアプランセンター"}, 6, ("accept", "pass_form")),
    Sample("nursery-status", lambda: {"is_unchanged": False, "change": "job"}, 13, ("accept", "pass_form")),
    Sample("seal-certificate", lambda: {"copies": 1}, 1, ("accept",)),
    Sample("pension-category", lambda: {"left_on": _in(-60)}, 20, ("accept", "pass_form", "approve")),
)  # fmt: skip
"""Guests for what needs no card; the others are applied for by the holders of cards in turn."""


def furnish(town: int, *, clerk: Actor, issue_cards: Callable[[], object]) -> int:
    """Hand the samples in and take their steps, once; how many there are (見本の申請の登録).

    ``issue_cards``: what gives simulated cards to a town that has none; it is done some time ago, for what their
    holders applied for since. Raises Refused where a card or a step is refused.
    """
    with wall.within(town):
        if Case.objects.exists():
            return Case.objects.count()
        is_without = not Card.objects.exists()
    if is_without:
        with clock.stopped_at(clock.now() - CARDS_SINCE):
            issue_cards()
    with wall.within(town):
        cards = list(Card.objects.select_related("holder").order_by("pk"))
    for number, sample in enumerate(SAMPLES if cards else ()):
        with clock.stopped_at(clock.now() - timedelta(days=sample.days_ago)):
            made = _handed_in(town, sample, cards[number % len(cards)])
            with wall.within(town):
                _handled(made, sample, clerk)
    with wall.within(town):
        return Case.objects.count()


def _handed_in(town: int, sample: Sample, card: Card) -> Case:
    with wall.within(town):
        made, account = _begun(sample, card)
        signed = to_sign(made.draft) if made.draft.asked.assurance == "signature" else ""
    # As on the page: a card is tried with no door open.
    mark = sign(town=town, number=card.number, pin=SIGNATURE_PIN, text=signed.encode()) if signed else None
    with wall.within(town):
        return submit(actor=account or APPLICANT, draft=made.draft.public, token=made.token, signed=mark)


def _begun(sample: Sample, card: Card) -> tuple[Begun, Applicant | None]:
    """A draft that lacks nothing: answered, and what the register holds confirmed."""
    entry = next(one for one in offered().entries if one.id == sample.procedure)
    account = _account(card) if entry.assurance != "none" else None
    actor = account or APPLICANT
    made = begin(actor=actor, procedure=sample.procedure, language="ja")
    said: dict[str, Any] = {"draft": made.draft.public, "token": made.token}
    applicant = {"phone": GUEST["phone"]} if account else GUEST
    save(actor=actor, page=YOU, applicant=applicant, answers=dict(sample.answers()), people={}, **said)
    if has_any(made.draft.asked, made.draft.about):
        items = prefill(actor=actor, draft=made.draft).filled
        answer_held(actor=actor, said={name: _confirmed(one) for name, one in items.items()}, **said)
    made.draft.refresh_from_db()
    return made, account


def _confirmed(item: Mapping[str, Any]) -> Said:
    return Said(True if must_be_confirmed(item) else None, "見本" if must_be_typed(item) else "")


def _account(card: Card) -> Applicant:
    town = wall.current()
    facts = facts_of(card.holder)
    return sign_in(actor=HOLDER, issuer=issuer(town), subject=subject(town, card), facts=facts).session.applicant


def _handled(case: Case, sample: Sample, clerk: Actor) -> None:
    for action in sample.steps:
        said: dict[str, Any] = dict(sample.said) if action == sample.steps[-1] else {}
        if action == "send_back":
            said["correct_by"] = clock.today() + timedelta(days=14)
        take_step(actor=clerk, case=case.pk, seen=case.events.count(), action=action, **said)
