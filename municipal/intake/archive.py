"""Opening a ZIP that somebody sent, without trusting anything that it says of itself (ZIPの検査)."""

import re
import stat
import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext_noop as _

from municipal.core.refusals import Refused

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 50_000_000, 100_000_000, 60
LARGEST = {"json": 1_000_000, "pdf": 8_000_000, "png": 8_000_000, "jpg": 8_000_000}
"""Bytes of one part, by the end of its name."""

_NAME = re.compile(r"(?:manifest|answers|signature)\.json|form\.pdf|attachments/[0-9]{3}\.(?:pdf|png|jpg)", re.ASCII)
_ENCRYPTED = 0x1
_FAULTS = (
    BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, IndexError,
    OverflowError,
)  # fmt: skip
"""Whatever Python's reader of ZIP files stumbles over."""

NO_ZIP = Refused(_("申請データを開けません。ZIPがこわれているか、途中で切れています。"), code="payload_zip")
TOO_LARGE = Refused(_("申請データが大きすぎます。ZIPは50MB、展開して100MBまでです。"), code="payload_size")
TOO_MANY = Refused(_("申請データの中のファイルが多すぎます。60個までです。"), code="payload_parts")
BAD_NAME = _("申請データの中に、約束にない名前のファイルがあります（%(name)s）。")
TWICE = _("申請データの中に、同じ名前のファイルが2つあります（%(name)s）。")
SEALED = Refused(_("申請データの中に、暗号化されたファイルかリンクがあります。"), code="payload_sealed")


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a ZIP by name (展開). Raises Refused where it is broken, too large, or holds what it should not."""
    if len(content) > MOST_BYTES:
        raise TOO_LARGE
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _parts(archive)
    except _FAULTS as error:
        raise NO_ZIP from error


def _parts(archive: ZipFile) -> dict[str, bytes]:
    if len(archive.infolist()) > MOST_PARTS:
        raise TOO_MANY
    found, total = dict[str, bytes](), 0
    for info in archive.infolist():
        _check(info, found)
        most = LARGEST[info.filename.rpartition(".")[2]]
        # One byte more than allowed is read at most, whatever size the ZIP claims.
        with archive.open(info) as part:
            found[info.filename] = part.read(most + 1)
        total += len(found[info.filename])
        if len(found[info.filename]) > most or total > MOST_UNPACKED:
            raise TOO_LARGE
    return found


def _check(info: ZipInfo, found: dict[str, bytes]) -> None:
    if not _NAME.fullmatch(info.filename):
        shown = "".join(one for one in info.filename[:40] if one.isprintable())
        raise Refused(BAD_NAME, code="payload_name", name=shown)
    if info.filename in found:
        raise Refused(TWICE, code="payload_twice", name=info.filename)
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED or is_link or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise SEALED
