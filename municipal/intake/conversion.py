"""From the serial number of a certificate to the addressee number of its holder (宛名番号への変換).

A match is made by itself only where nothing speaks against it; on any doubt a clerk decides from candidates.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee, AddresseeKind, LifeState
from municipal.applicants.authority import Signature, is_genuine
from municipal.applicants.facts import registered
from municipal.applicants.models import Certificate
from municipal.applicants.rules import Use, search_key
from municipal.municipalities import wall

from .payload import Payload

DOUBTS = {
    "no_signature": _("署名がありません。"), "unknown_serial": _("この発行番号の証明書を知りません。"),
    "bad_signature": _("署名が内容と合いません。"), "revoked": _("証明書が申請の前に失効しています。"),
    "not_resident": _("証明書の持ち主は、今は住民ではありません。"),
    "differs": _("氏名か生年月日が、証明書の持ち主と違います。"),
}  # fmt: skip
"""Why a clerk has to look."""
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Match:
    """Whose application it is, or why nobody knows yet; ``is_good``: None where nobody can check (照合)."""

    person: Addressee | None
    doubt: str
    is_good: bool | None


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant; no address is among this (候補者)."""

    person: Addressee
    name: str
    born_on: str
    is_same_name: bool
    is_same_birth: bool


def matched(payload: Payload) -> Match:
    """The one who signed, if nothing speaks against it (宛名番号の照合)."""
    signed = payload.signature
    if signed is None:
        return Match(None, "no_signature", None)
    known = Certificate.objects.filter(serial=signed.serial, use=Use.SIGNATURE.value)
    found = known.select_related("card__holder", "revocation").first()
    if found is None:
        return Match(None, "unknown_serial", None)
    made = Signature(signed.signature, signed.certificate)
    if not is_genuine(wall.current(), Use.SIGNATURE, made, payload.text, payload.applied_at) or (
        made.serial != signed.serial
    ):
        return Match(None, "bad_signature", False)
    doubt = _doubt(payload, found)
    return Match(None if doubt else found.card.holder, doubt, True)


def _doubt(payload: Payload, found: Certificate) -> str:
    ended = getattr(found, "revocation", None)
    if ended is not None and ended.at <= payload.applied_at:
        return "revoked"
    if found.card.holder.life_state != LifeState.RESIDENT:
        return "not_resident"
    said = payload.applicant
    is_same = search_key(said["name"]) == search_key(found.card.name)
    return "" if is_same and said.get("born_on", found.card.born_on) == found.card.born_on else "differs"


def candidates(payload: Payload) -> list[Candidate]:
    """People with the same name or the same birth date, those with both first (候補者の検索)."""
    name, born_on = search_key(payload.applicant["name"]), payload.applicant.get("born_on", "")
    people = Addressee.objects.exclude(kind=AddresseeKind.CORPORATION)
    near = Q(name=payload.applicant["name"]) | (Q(born_on=born_on) if born_on else Q())
    rows = {one.pk: one for one in people.filter(near).order_by("pk")[:500]}
    said = registered(rows.keys())
    found = []
    for key, one in rows.items():
        names = said[key].names if key in said else frozenset({search_key(one.name)})
        shown = said[key].facts if key in said else None
        found.append(Candidate(
            one, shown.name if shown else one.name, shown.born_on if shown else str(one.born_on or ""),
            name in names, str(one.born_on or "") == born_on != "",
        ))  # fmt: skip
    found.sort(key=lambda one: (not one.is_same_name, not one.is_same_birth, one.person.pk))
    return found[:MOST_CANDIDATES]
