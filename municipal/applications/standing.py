"""Who applies, for whom, and whether they still may; what the register says of them (申請者の立場)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.applicants.models import Applicant
from municipal.applicants.operations import principals
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Entry
from municipal.residents import inquiry

from .models import Case, Channel, Draft

CARD_NEEDED = _("この手続は、カードでサインインしてから申請してください。")
NOT_FOR_THEM = _("この方の手続を代わりに申請することはできません。委任の期限と、任された手続を確かめてください。")
ENDED = _("委任が終わったため、この申請は開けません。手続は役所で続きます。")
SIGN_IN_AGAIN = _("書きかけの申請を開くには、申請をはじめた方のカードでサインインしてください。")
DISCLOSED = ("name", "name_kana", "born_on", "address")
"""What the register tells an applicant of themselves, noted once for each draft."""


def account_of(actor: Actor, account: Applicant | None = None) -> Applicant | None:
    """Who is signed in: said outright, or the actor themselves (サインインしている人)."""
    return account or (actor if isinstance(actor, Applicant) else None)


def may_act(account: Applicant | None, about: Addressee | None, procedure: str) -> bool:
    """Whether somebody may act for this person in this procedure today; guests act for nobody but themselves (代理)."""
    if account is None:
        return True
    if account.is_dead:
        return False
    return about is None or about.pk == account.person_id or about in principals(account, procedure)


def concerned(entry: Entry, account: Applicant | None, about: Addressee | None, channel: str) -> Addressee | None:
    """The person of the register whom a new application concerns (申請の対象者).

    Raises Refused online: for a guest where a card is needed, and for whoever may not act for ``about``.
    """
    if channel != Channel.ONLINE:
        return about
    if account is None and entry.assurance != "none":
        raise Refused(CARD_NEEDED, code="card_needed")
    whom = about or (account.person if account else None)
    if (account is None and about is not None) or not may_act(account, whom, entry.id):
        raise Refused(NOT_FOR_THEM, field="about", code="not_for_them")
    return whom


def refuse_if_ended(one: Draft | Case) -> None:
    """Raise Refused where who applied may act for the person no longer: their access ends at once (代理の終了)."""
    if one.channel == Channel.ONLINE and not may_act(one.account, one.about, one.procedure):
        raise Refused(ENDED, code="delegation_ended")


def is_theirs(one: Draft | Case, account: Applicant | None) -> bool:
    """Whether somebody signed in is who applied (申請者本人か)."""
    return account is not None and one.account_id == account.pk and one.channel == Channel.ONLINE


def person_of(one: Draft | Case) -> Addressee | None:
    """The resident who applies, where a card or the counter vouches for them; None: they say it themselves (申請者)."""
    if one.channel != Channel.ONLINE:
        return one.about
    return one.account.person if one.account is not None and one.account.is_resident else None


@dataclass(frozen=True)
class Known:
    """What the register says of who applies, as of ``as_of``; a withheld address is empty (台帳にある申請者の項目)."""

    name: str
    kana: str
    born_on: str
    born_day: date | None
    address: str
    is_withheld: bool
    as_of: date

    def said(self) -> dict[str, Any]:
        """The same as a case keeps it; never with an address, which the office reads where it stands (申請者の控え)."""
        born = {"born_on": self.born_day.isoformat()} if self.born_day else {}
        return {"name": self.name, "kana": self.kana, "source": "register", "as_of": self.as_of.isoformat()} | born


@prints_addresses("applications.you", Purpose.SCREEN)
def known(person: Addressee) -> Known | None:
    """Name, reading, birth date and address as the register has them now; None where it has no record (台帳の照会)."""
    found = inquiry.person(person.number)
    if found is None:
        return None
    row = found.record
    address = address_for(Purpose.SCREEN, vars(row), "address", is_protected=found.is_protected)
    born = row.born_on
    return Known(
        row.name, row.name_kana, born.shown() if born else "", born.date if born else None, address.text,
        address.is_withheld, clock.today(),
    )  # fmt: skip


def known_of(one: Draft | Case) -> Known | None:
    """What the register says of who applies (申請者の台帳の項目)."""
    person = person_of(one)
    kept = one.known_now if isinstance(one, Draft) else None
    return kept or (known(person) if person is not None else None)


def principal_of(one: Draft | Case) -> Addressee | None:
    """For whom it is, where that is not who applies (本人)."""
    is_own = one.about_id is None or one.account is None or one.about_id == one.account.person_id
    return None if is_own else one.about
