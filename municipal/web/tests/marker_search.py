"""Finding the marker in whatever leaves the system: pages, JSON, PDF, files, rows of tables (目印さがし)."""

import html
import io
import json
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

from django.apps import apps
from pypdfium2 import PdfDocument

from .marked_town import MARK

WAYS = {
    MARK.encode(), MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), quote(MARK).encode(),
    json.dumps(MARK)[1:-1].encode(), json.dumps(MARK)[1:-1].upper().replace("\\U", "\\u").encode(),
    "".join(f"&#{ord(letter)};" for letter in MARK).encode(),
    "".join(f"&#x{ord(letter):x};" for letter in MARK).encode(), html.escape(MARK).encode(),
}  # fmt: skip
"""The marker as it may stand in bytes: plain, in other encodings, escaped for an address, JSON or HTML."""
KEPT_INSIDE = {
    "residents.ResidentRecord", "residents.Draft", "residents.Remark", "residents.Memo", "addressees.Addressee",
    "certificates.CertificateIssue", "addressees.MeasureStep", "addressees.Perpetrator",
    "addressees.Recipient", "addressees.DirectoryRecord",
}  # fmt: skip
"""The tables that hold where somebody lives because that is their purpose; in no other may the marker stand."""


def is_marked(body: bytes) -> bool:
    """Whether the marker stands in ``body``, whatever sort of file it is (目印の有無)."""
    return any(way in part for part in _parts(body) for way in WAYS)


def _parts(body: bytes) -> Iterator[bytes]:
    yield body
    if body.startswith(b"%PDF"):
        document = PdfDocument(body)
        for page in document:
            yield page.get_textpage().get_text_range().encode()
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            yield from (files.read(name) for name in files.namelist())


def where(body: bytes) -> str:
    """What stands around the first marker, for the message of a failure (前後の文字)."""
    at = body.find(MARK.encode())
    return body[max(0, at - 160) : at + 40].decode(errors="replace") if at >= 0 else "(written in another way)"


def marked_tables() -> set[str]:
    """Tables outside KEPT_INSIDE in which the marker stands, inside the open municipality (目印のある表)."""
    found = set()
    for model in apps.get_models():
        label = model._meta.label
        if not model.__module__.startswith("municipal.") or label in KEPT_INSIDE:
            continue
        for row in model._default_manager.values().iterator():
            if MARK in repr(row) or any(
                isinstance(one, bytes | memoryview) and is_marked(bytes(one)) for one in row.values()
            ):
                found.add(label)
    return found
