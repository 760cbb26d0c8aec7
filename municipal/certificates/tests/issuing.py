"""A town that can issue certificates, and asking for one in a line (証明の試験の道具)."""

import io
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from municipal.certificates.models import CertificateIssue, Seal
from municipal.certificates.operations import add_seal, issue
from municipal.certificates.rules.items import OMITTABLE
from municipal.certificates.rules.requests import Asked
from municipal.core import clock
from municipal.core.actors import System
from municipal.places.models import CertifyingOfficer

CLERK = System(actor_kind="staff", actor_id=1)
EVERYTHING = frozenset(OMITTABLE)
NUMBERS = frozenset({"individual_number", "resident_code"})


def officer(seat: str = "head", title: str = "市長", name: str = "架空　太郎", **said: Any) -> CertifyingOfficer:
    """Somebody who certifies, from 2020 on unless said otherwise."""
    valid = said.pop("valid", DateRange(date(2020, 4, 1), None))
    recorded = DateTimeTZRange(clock.now(), None)
    return CertifyingOfficer.objects.create(seat=seat, title=title, name=name, valid=valid, recorded=recorded, **said)


def square(size: int = 200, shade: str = "black") -> bytes:
    """The picture of a seal."""
    picture = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(picture).ellipse((8, 8, size - 8, size - 8), outline=shade, width=8)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def seal(kind: str = "head", **said: Any) -> Seal:
    values: dict[str, Any] = {"colour": "black", "png": square(), "size_mm": 21, "valid_from": date(2020, 4, 1)} | said
    return add_seal(actor=CLERK, kind=kind, **values)


def ready() -> None:
    """A mayor with a seal."""
    officer()
    seal()


def asked(kind: str, *rows: Any, **said: Any) -> Asked:
    """A request of the person, everything left out that may be."""
    values: dict[str, Any] = {
        "requester": "self", "requester_name": "甲野　太郎", "identity_check": "individual_number_card",
        "omits": EVERYTHING,
    }  # fmt: skip
    return Asked(kind=kind, people=tuple(row.addressee.number for row in rows), **values | said)


def issued(kind: str, *rows: Any, **said: Any) -> CertificateIssue:
    return issue(actor=CLERK, asked=asked(kind, *rows, **said))


def text_of(pdf: bytes, page: int | None = None) -> str:
    """The text of a PDF as a reader copies it out."""
    document = PdfDocument(pdf)
    pages = range(len(document)) if page is None else [page]
    return "\n".join(document[index].get_textpage().get_text_range() for index in pages)
