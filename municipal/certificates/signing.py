"""Who signs a certificate on a day, and with which seal (認証者と公印)."""

from dataclasses import dataclass
from datetime import date

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.places.finding import certifying_officer
from municipal.places.models import CertifyingOfficer
from municipal.places.models import Seat as OfficerSeat

from .models import FormSettings, Seal, SealKind, SealUse, Signer
from .rules.wording import title_of_office


@dataclass(frozen=True)
class Signature:
    """Title with prefecture, name, and the seal that goes with them (認証)."""

    officer: str
    name: str
    seal: Seal | None


@implements("resident-record/1.0#1.3.9/m1", "resident-record/1.0#1.3.9/m2", "resident-record/1.0#1.3.9/m3")
def officer_on(day: date, choice: str = Signer.AUTOMATIC, ward_code: str = "") -> CertifyingOfficer:
    """Who certifies on ``day``: whoever acts for the mayor during the acting period, else the mayor (認証者の切替え).

    ``ward_code``: the ward of a designated city whose head signs. Raises Refused where nobody is registered.
    """
    if choice == Signer.AUTOMATIC:
        return certifying_officer(day, ward_code=ward_code)
    seat = OfficerSeat.ACTING if choice == Signer.ACTING else OfficerSeat.HEAD
    found = CertifyingOfficer.objects.on(day).filter(ward_code=ward_code, seat=seat).first()
    if found is None:
        raise Refused(
            "帳票の設定で選んだ認証者が、この日は登録されていません。認証者か帳票の設定を確かめてください。",
            code="no_officer",
        )
    return found  # type: ignore[no-any-return]


@implements("resident-record/1.0#5.6/m1")
def signature(settings: FormSettings, day: date, ward_code: str = "") -> Signature:
    """Title, name and seal as the form is set up (認証の選択)."""
    town = Municipality.objects.get(pk=wall.current())
    officer = officer_on(day, settings.signer, ward_code)
    title, name = title_of_office(town.prefecture, town.name, officer.title, officer.name)
    return Signature(title, name, _seal(settings.seal, officer, day))


def _seal(use: str, officer: CertifyingOfficer, day: date) -> Seal | None:
    if use == SealUse.NONE:
        return None
    acting = officer.seat == OfficerSeat.ACTING
    kind = SealKind.CERTIFICATES if use == SealUse.CERTIFICATES else SealKind.ACTING if acting else SealKind.HEAD
    found = Seal.objects.filter(kind=kind, valid_from__lte=day).order_by("-valid_from").first()
    if found is None:
        raise Refused(
            "印字する公印が登録されていません。公印を登録するか、帳票の設定で公印の印字をやめてください。",
            code="no_seal",
        )
    return found
