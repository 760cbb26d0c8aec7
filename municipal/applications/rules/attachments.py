"""What may be attached: pictures and PDF, by their content and not by their name (添付ファイルの検査)."""

import re
import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from municipal.core.refusals import Refused

LARGEST, MOST_PIXELS, MOST_FILES = 8_000_000, 60_000_000, 40
KINDS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "PDF": ("application/pdf", "pdf")}
"""What is taken: the media type under which it is given out again, and the end of its name."""

_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|Encrypt)\b")

EMPTY = Refused("ファイルが空です。選び直してください。", code="attachment_empty")
TOO_LARGE = Refused(
    "ファイルが大きすぎます。1つ8MBまでです。小さくして選び直してください。", code="attachment_too_large"
)
UNKNOWN = Refused("写真（JPEG、PNG）かPDFではありません。写真を撮り直すか、PDFにしてください。", code="attachment_kind")
BROKEN = Refused("ファイルがこわれていて、開けません。もう一度撮るか、保存し直してください。", code="attachment_broken")
ACTIVE = Refused(
    "プログラムや暗証番号の付いたPDFは受け取れません。印刷用のPDFにして選び直してください。", code="attachment_active"
)


def kind_of(content: bytes) -> str:
    """What the file is, a key of KINDS. Raises Refused for what is empty, too large, broken or anything else (種類)."""
    if not content:
        raise EMPTY
    if len(content) > LARGEST:
        raise TOO_LARGE
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(content)
    raise UNKNOWN


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise BROKEN
    if _ACTIVE.search(content):
        raise ACTIVE
    return "PDF"


def _picture(content: bytes) -> str:
    """Opened and read to its end: half a picture, or one of a billion points, is found out here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TOO_LARGE
                picture.load()
                return str(picture.format)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
        raise BROKEN from error


def name_of(name: str, kind: str) -> str:
    """A name that is safe to show and to save under, with the end that belongs to the content (ファイル名)."""
    last = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or "file"
    kept = "".join(one for one in last if one.isalnum() or one in "-_（）() ").strip()[:60]
    return f"{kept or 'file'}.{KINDS[kind][1]}"
