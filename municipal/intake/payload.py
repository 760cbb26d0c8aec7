"""The data of one application as they travel in a ZIP: our own profile (申請データ).

The official layout was not at hand. ``docs/intake.md`` describes ours, ``standards/intake/1`` holds the schemas.
Whoever holds a ``Payload`` holds a sound one.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext_noop as _
from jsonschema import Draft202012Validator, FormatChecker

from municipal.applications.rules.attachments import kind_of
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused

from .archive import unpacked

PROFILE = "kijun-application/1"
SCHEMAS = Path(__file__).resolve().parents[2] / "standards" / "intake" / "1"
MANIFEST, ANSWERS, SIGNATURE, FORM = "manifest.json", "answers.json", "signature.json", "form.pdf"
LONGEST = 2000
Json = dict[str, Any]

MISSING = _("申請データに足りないファイルか、目録にないファイルがあります（%(name)s）。")
DIFFERS = _("申請データの中身が目録の照合値と違います（%(name)s）。")
NO_JSON = _("申請データの%(name)sを読めません。UTF-8のJSONで、同じ名前を2度使わないでください。")
BAD_SHAPE = _("申請データの%(name)sが約束の形ではありません（%(where)s）。")
NOT_OURS = Refused(_("ほかの自治体か、ほかの受付番号の申請データです。"), code="payload_elsewhere")


@dataclass(frozen=True)
class Attached:
    """A file, and the question to which it belongs (添付)."""

    field: str
    title: str
    content: bytes


@dataclass(frozen=True)
class Signed:
    """What the applicant's card made of the application (電子署名の情報)."""

    serial: str
    signature: bytes
    certificate: bytes


@dataclass(frozen=True)
class Payload:
    """One application as it came from the portal (申請データ).

    ``digest`` is of the manifest, which holds the digests of everything else; ``text``: what was signed.
    """

    receipt: str
    procedure: str
    version: int
    applied_at: datetime
    language: str
    applicant: Json
    answers: Json
    people: dict[str, dict[str, str]]
    form: bytes
    attachments: tuple[Attached, ...]
    signature: Signed | None
    digest: str
    text: bytes


def read(content: bytes, *, town: int, receipt: str) -> Payload:
    """The application in a ZIP (申請データの読取り). Raises Refused for everything that the profile does not allow."""
    parts = unpacked(content)
    manifest = _said(parts, MANIFEST)
    if manifest["municipality"] != f"{town:06d}" or manifest["receipt_number"] != receipt:
        raise NOT_OURS
    _match(manifest, parts)
    said, signed = _said(parts, ANSWERS), _said(parts, SIGNATURE) if SIGNATURE in parts else None
    if kind_of(parts[FORM]) != "PDF":
        raise Refused(BAD_SHAPE, code="payload_shape", name=FORM, where="PDF")
    files = [one for one in manifest["parts"] if one["kind"] == "attachment"]
    for one in files:
        kind_of(parts[one["name"]])
    return Payload(
        receipt=receipt, procedure=manifest["procedure"], version=manifest["version"],
        applied_at=_moment(manifest["applied_at"]), language=manifest["language"],
        applicant=said["applicant"], answers=said["answers"], people=said["people"], form=parts[FORM],
        attachments=tuple(Attached(one["field"], one["title"], parts[one["name"]]) for one in files),
        signature=_signed(signed) if signed else None, digest=digest_of(canonical(manifest)), text=text_of(manifest),
    )  # fmt: skip


def _said(parts: Mapping[str, bytes], name: str) -> Json:
    """A JSON part in the shape of its schema, with nothing in it that cannot be stored."""
    if name not in parts:
        raise Refused(MISSING, code="payload_missing", name=name)
    try:
        found = json.loads(parts[name].decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
        return checked(found, name)
    except (ValueError, RecursionError):
        raise Refused(NO_JSON, code="payload_json", name=name) from None


def checked(found: Any, name: str) -> Json:
    """JSON in the shape of the schema of a part, every text fit to be kept. Raises Refused (形の確認)."""
    _refuse_odd_text(found, name)
    errors = [error.json_path for error in _schema(name).iter_errors(found)]
    if errors:
        where = "".join(one for one in errors[0] if one.isprintable())[:60]
        raise Refused(BAD_SHAPE, field=name, code="payload_shape", name=name, where=where)
    made: Json = found
    return made


def _refuse_odd_text(found: Any, name: str) -> None:
    leaves = [found]
    while leaves:
        one = leaves.pop()
        if isinstance(one, dict):
            leaves.extend((*one.keys(), *one.values()))
        elif isinstance(one, list):
            leaves.extend(one)
        elif isinstance(one, str) and len(one) <= LONGEST:
            refuse_unstorable(one, LONGEST, name, is_multiline=True)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is said twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


@cache
def _schema(name: str) -> Draft202012Validator:
    path = SCHEMAS / f"{name.removesuffix('.json')}.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker())


def _match(manifest: Json, parts: Mapping[str, bytes]) -> None:
    """The manifest names every part once, with its digest, and the form and the answers are among them."""
    listed = [one["name"] for one in manifest["parts"]]
    expected = {*listed, ANSWERS, FORM}
    there = set(parts) - {MANIFEST}
    if odd := sorted(expected ^ there) or [name for name in listed if listed.count(name) > 1]:
        raise Refused(MISSING, code="payload_missing", name=odd[0][:60])
    for one in manifest["parts"]:
        if digest_of(parts[one["name"]]) != one["sha256"] or len(parts[one["name"]]) != one["size"]:
            raise Refused(DIFFERS, code="payload_digest", name=one["name"])


def _moment(said: str) -> datetime:
    """The schema checks the digits, nobody but the calendar knows the days."""
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise Refused(BAD_SHAPE, code="payload_shape", name=MANIFEST, where="applied_at") from None


def _signed(said: Json) -> Signed:
    try:
        return Signed(
            said["serial"], base64.b64decode(said["signature"], validate=True),
            base64.b64decode(said["certificate"], validate=True),
        )  # fmt: skip
    except ValueError:
        raise Refused(BAD_SHAPE, code="payload_shape", name=SIGNATURE, where="base64") from None


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal (照合値)."""
    return hashlib.sha256(content).hexdigest()


def canonical(said: Any) -> bytes:
    """JSON in one form only, so that the same content is the same bytes (正規化したJSON)."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def text_of(manifest: Json) -> bytes:
    """What the applicant signs: the receipt number, the procedure and the digest of every other part (署名対象)."""
    digests = {one["name"]: one["sha256"] for one in manifest["parts"] if one["kind"] != "signature"}
    names = ("receipt_number", "municipality", "procedure", "version")
    return canonical({name: manifest[name] for name in names} | {"parts": digests})


def listed(name: str, kind: str, content: bytes, **more: str) -> Json:
    """One part as the manifest lists it (目録の一行)."""
    return {"name": name, "kind": kind, "sha256": digest_of(content), "size": len(content), **more}


def written(manifest: Json, parts: Mapping[str, bytes], order: Sequence[str] = ()) -> bytes:
    """A ZIP of the profile (申請データの書出し)."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, canonical(manifest))
        for name in order or parts:
            archive.writestr(name, parts[name])
    return file.getvalue()
