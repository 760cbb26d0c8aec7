"""Somebody with a card, and what they sign, in one line each (試験用の申請者)."""

from datetime import timedelta
from typing import Any

from municipal.addressees.models import Addressee
from municipal.applicants.authority import Signature, signed
from municipal.applicants.facts import facts_of
from municipal.applicants.issuer import issuer, subject
from municipal.applicants.models import Applicant, Card, Delegation
from municipal.applicants.operations import accept_delegation, delegate, sign_in
from municipal.applicants.operations.cards import in_force_of
from municipal.applicants.rules import Kind, Use
from municipal.applicants.tests.holding import CLERK, card_of, resident
from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT, Begun, begin, save, submit, to_sign
from municipal.core import clock
from municipal.municipalities import wall

LEFT = {"left_on": "2026-11-20"}
PENSION = "pension-category"
"""Asks for a signature, and one answer."""
CARD_ONLY = "nursery-status"
PHONE = {"phone": "000-0000-0000"}


def somebody(code: str = "99900000002", **items: Any) -> tuple[Applicant, Card]:
    """A resident with a card who has signed in."""
    person = resident(resident_code=code, **items).addressee
    card = card_of(person)
    town = wall.current()
    opened = sign_in(
        actor=APPLICANT, issuer=issuer(town), subject=subject(town, card), facts=facts_of(person)
    )  # fmt: skip
    return opened.session.applicant, card


def another(name: str = "乙野　介", code: str = "99900000010") -> tuple[Applicant, Card]:
    return somebody(code, name=name)


def lets_act(principal: Addressee, account: Applicant, **said: Any) -> Delegation:
    """The principal lets the account act for them."""
    usual: dict[str, Any] = {"kind": Kind.FAMILY, "until": clock.today() + timedelta(days=30)}
    made = delegate(actor=CLERK, principal=principal, **usual | said)
    return accept_delegation(actor=account, code=made.code, name="乙野　介")


def written(account: Applicant | None, code: str = PENSION, about: Addressee | None = None, **said: Any) -> Begun:
    """A draft that lacks nothing."""
    made = begin(actor=account or APPLICANT, procedure=code, language="ja", about=about)
    answers = LEFT if code == PENSION else {"is_unchanged": True}
    save(
        actor=account or APPLICANT, draft=made.draft.public, token=made.token, page="you", applicant=PHONE | said,
        answers=answers, people={},
    )  # fmt: skip
    made.draft.refresh_from_db()
    return made


def signature_of(card: Card, text: str) -> Signature:
    """What the card makes of a text with its present signature certificate."""
    found = next(one for one in in_force_of([card.holder_id]) if one.use == Use.SIGNATURE)
    return signed(wall.current(), found.serial, bytes(found.content), text.encode())


def sent(account: Applicant | None, made: Begun, card: Card | None = None) -> Case:
    """The draft submitted, signed where a card is given."""
    mark = signature_of(card, to_sign(made.draft)) if card else None
    return submit(actor=account or APPLICANT, draft=made.draft.public, token=made.token, signed=mark)
