"""What a trainer finds in a made-up town: seals, a printer, a few issues of today (研修用の町の証明書)."""

import io
from datetime import date

from PIL import Image, ImageDraw, ImageFont

from municipal.addressees.models import LifeState
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.places.demo import furnish as furnish_places
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.secrecy import secrets

from .models import CertificateIssue, SealKind
from .operations import add_printer, add_seal, dispose, issue
from .operations.arranging import members
from .paper.typeface import FILE
from .rules.items import OMITTABLE
from .rules.requests import Asked

CLERK = System("made-up clerk", actor_id=1)
SINCE = date(2020, 4, 1)
SIDE, LETTER, PITCH = 360, 96, 108
WORDS = {SealKind.HEAD: "{town}長之印", SealKind.ACTING: "{town}長代理印", SealKind.CERTIFICATES: "{town}証明専用"}


def seal_picture(words: str) -> bytes:
    """A square seal with up to nine characters in columns from the right, as seals are read (印影)."""
    picture = Image.new("L", (SIDE, SIDE), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FILE), LETTER)
    pen.rectangle((6, 6, SIDE - 6, SIDE - 6), outline=0, width=10)
    columns = (len(words[:9]) + 2) // 3
    right = (SIDE + columns * PITCH) // 2 - PITCH + (PITCH - LETTER) // 2
    for place, letter in enumerate(words[:9]):
        column, row = divmod(place, 3)
        pen.text((right - column * PITCH, 4 + row * PITCH), letter, font=font, fill=0)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def furnish(code: str, town: str) -> int:
    """Give the made-up town seals, a printer and a few issues, once; returns how many issues there are (研修用の登録).

    Runs inside the town.
    """
    if CertificateIssue.objects.exists():
        return CertificateIssue.objects.count()
    furnish_places(code, town)
    for kind, words in WORDS.items():
        picture = seal_picture(words.format(town=town))
        add_seal(actor=CLERK, kind=kind, colour="black", png=picture, size_mm=21, valid_from=SINCE)
    add_printer(actor=CLERK, number="プリンタ001", name="市民課窓口", queue="counter-1", trays=["tray-1", "tray-2"])
    made = [one for asked in _wishes() if (one := _issued(asked)) is not None]
    if made:
        dispose(actor=CLERK, copy=made[0].copies.all()[0], reason="印刷がかすれたため")
    return len(made)


def _wishes() -> list[Asked]:
    """A household, one person for a third party, official use, a removed record."""
    hidden = secrets().people
    some = inquiry.latest().select_related("addressee", "household")[:80]
    free = [one for one in some if one.addressee_id not in hidden]
    living = [one for one in free if one.status == LifeState.RESIDENT and not one.move_out_planned_on]
    gone = [one for one in free if one.status != LifeState.RESIDENT]
    third = {"requester": "third_party", "purpose": "契約の相手方の確認"}
    public = {"requester": "public_body", "purpose": "公務のため", "is_official": True}
    return [
        *(_asked("household_copy", *members(one.household), copies=2) for one in living[:1]),
        *(_asked("person_copy", one, **third) for one in living[1:2]),
        *(_asked("record_items", one, **public) for one in living[2:3]),
        *(_asked("removed_copy", one, requester="legal_representative") for one in gone[:1]),
    ]


def _asked(kind: str, *rows: ResidentRecord, **said: object) -> Asked:
    values: dict[str, object] = {"requester": "self", "identity_check": "photo_document", "omits": frozenset(OMITTABLE)}
    people = tuple(row.addressee.number for row in rows)
    return Asked(kind=kind, people=people, requester_name=rows[0].name, place="市民課", **values | said)  # type: ignore[arg-type]


def _issued(asked: Asked) -> CertificateIssue | None:
    """The issue; None where the made-up person may have none: an alert, or a name too long."""
    try:
        return issue(actor=CLERK, asked=asked)
    except Refused:
        return None
