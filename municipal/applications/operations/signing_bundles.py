"""One PIN signs every application of a bundle, each by itself (一式の電子署名)."""

from collections.abc import Mapping

from municipal.applicants.authority import Signature, signed
from municipal.applicants.operations import HOLDER, enter_pin
from municipal.applicants.operations.cards import NOT_IN_FORCE, in_force_of
from municipal.applicants.rules import Use
from municipal.audit.operations import record
from municipal.municipalities import wall


def sign_each(*, town: int, number: str, pin: str, texts: Mapping[int, str]) -> dict[int, Signature]:
    """Sign each text with the card's signature certificate, by the same keys as ``texts`` (電子署名).

    Opens the door itself, so that a wrong PIN is counted whatever becomes of the request. Raises Refused as
    ``enter_pin`` does.
    """
    card = enter_pin(town=town, number=number, use=Use.SIGNATURE, pin=pin)
    with wall.within(town):
        mine = [one for one in in_force_of([card.holder_id]) if one.card_id == card.pk and one.use == Use.SIGNATURE]
        if not mine:
            raise NOT_IN_FORCE
        record(actor=HOLDER, act="applicants.sign", subjects=[card.holder_id], fields=["signature"])
        return {key: signed(town, mine[0].serial, bytes(mine[0].content), text.encode()) for key, text in texts.items()}
