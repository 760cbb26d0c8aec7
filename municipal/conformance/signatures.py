"""A signature under a report: who checked which files against which packs, and nothing changed since (報告の署名).

The signature is a small JSON file beside the report. It repeats what matters (SHA-256 of the report and of every input
file, digests of the packs, version of the engine) and signs that with Ed25519 (RFC 8032). Its bytes are the only ones
possible for its content, so a signature with a changed byte is no signature. A report that shows cells as they were
written is not signed: a signed report is meant to be sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from municipal.conformance.refusals import RefusedInput
from municipal.conformance.written_reports import parse

SCHEMA = "urn:kijun:conform-signature:1"


class NotSigned(RefusedInput):
    """A report or a key that nothing can be signed with, and why (署名できない理由)."""


class NotGenuine(RefusedInput):
    """A report, a signature or an input file that is not what was signed, and why (真正でない理由)."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A new pair of keys as PEM; the private one must be kept secret (鍵の組)."""

    private: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Verified:
    """What a genuine signature says (検証の結果).

    ``fingerprint`` names the key, 64 hexadecimal digits. ``is_known_key`` is true only if the caller gave the key:
    without it the signature shows that nothing changed, not who signed.
    """

    fingerprint: str
    is_known_key: bool
    engine: str
    files: Mapping[str, str]
    packs: Mapping[str, str]


def new_keys() -> Keys:
    """Make a pair of Ed25519 keys (鍵の生成)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Keys(private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def sign(report: bytes, key: bytes) -> bytes:
    """The signature of a JSON report by a private key in PEM, as the bytes of ``<report>.sig`` (署名).

    The same report and key give the same bytes. Raises NotSigned for a report with raw values and for a wrong key,
    RefusedInput for what is no report.
    """
    tree = parse(report)
    if tree.get("privacy") not in ("counts", "rows", "masked"):
        raise NotSigned(
            "値をそのまま表示した報告には署名できません。表示段階を下げて作り直してください。",
            "A report that shows values as written is not signed. Make it again at a lower level.",
        )
    private = _private_key(key)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    content = _content(report, tree, public)
    return _encoded({**content, "signature": _base64(private.sign(_encoded(content)))})


def _private_key(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotSigned("秘密鍵として読めません。", "This is no private key without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NotSigned("Ed25519 の秘密鍵ではありません。", "This is no Ed25519 key.")
    return key


def _content(report: bytes, tree: Mapping[str, Any], public: bytes) -> dict[str, Any]:
    try:
        return {
            "schema": SCHEMA,
            "report_sha256": hashlib.sha256(report).hexdigest(),
            "engine": tree["engine"],
            "files": [{"name": file["name"], "sha256": file["sha256"]} for file in tree["files"]],
            "packs": [{"name": pack["name"], "digest": pack["digest"]} for pack in tree["packs"]],
            "public_key": _base64(public),
        }
    except (KeyError, TypeError) as error:
        raise NotSigned(
            f"報告に必要な項目がありません：{error}", f"The report lacks something that is signed: {error}"
        ) from error


def _encoded(tree: Mapping[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def fingerprint(public: bytes) -> str:
    """The name of a public key in PEM: SHA-256 of its 32 bytes; raises NotGenuine (鍵の指紋)."""
    return hashlib.sha256(_raw_public(public)).hexdigest()


def _raw_public(pem: bytes) -> bytes:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotGenuine("公開鍵として読めません。", "This is no public key.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotGenuine("Ed25519 の公開鍵ではありません。", "This is no Ed25519 key.")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def verify(report: bytes, signature: bytes, public_key: bytes | None = None) -> Verified:
    """Check report and signature, also against a known public key in PEM; raises NotGenuine (署名の検証)."""
    signed = _read(signature)
    raw = _decoded(signed["public_key"])
    if public_key is not None and _raw_public(public_key) != raw:
        raise NotGenuine("別の鍵による署名です。", "The signature was made with another key.")
    try:
        seal = _decoded(signed.pop("signature"))
        Ed25519PublicKey.from_public_bytes(raw).verify(seal, _encoded(signed))
    except (InvalidSignature, ValueError) as error:
        raise NotGenuine("署名が正しくありません。", "The signature is not valid.") from error
    if signed["report_sha256"] != hashlib.sha256(report).hexdigest():
        raise NotGenuine("報告は署名の後に変更されています。", "The report was changed after it was signed.")
    try:
        is_same = _content(report, parse(report), raw) == signed
    except RefusedInput as error:
        raise NotGenuine(error.ja, error.en) from error
    if not is_same:
        raise NotGenuine("署名の内容が報告と合いません。", "The signature says other things than the report.")
    return Verified(
        fingerprint=hashlib.sha256(raw).hexdigest(),
        is_known_key=public_key is not None,
        engine=signed["engine"],
        files={file["name"]: file["sha256"] for file in signed["files"]},
        packs={pack["name"]: pack["digest"] for pack in signed["packs"]},
    )


def _read(signature: bytes) -> dict[str, Any]:
    try:
        signed = json.loads(signature)
        if not isinstance(signed, dict) or signed.get("schema") != SCHEMA or _encoded(signed) != signature:
            raise ValueError("not as this program writes it")
        if not all(isinstance(signed.get(name), str) for name in ("public_key", "signature", "report_sha256")):
            raise ValueError("a member is missing")
    except (ValueError, RecursionError) as error:
        raise NotGenuine("署名ファイルとして読めません。", "This is no signature of this program.") from error
    return signed


def _decoded(text: str) -> bytes:
    """Base64 in its only spelling: unused bits could otherwise be changed unseen."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if not data or _base64(data) != text:
        raise NotGenuine("署名が正しくありません。", "The signature is not valid.")
    return data


def verify_inputs(report: bytes, paths: Sequence[Path]) -> None:
    """Check that the given files, folders and zips are those that were judged (検査対象の照合).

    Every file of the report must be among them with the same bytes, and each path must hold at least one of them.
    What was not read to its end has no digest and is left out. Raises NotGenuine naming what is missing, RefusedInput
    for what is no report, OSError for an unreadable path.
    """
    told = (file for file in parse(report)["files"] if file["sha256"])
    files = [(str(file["name"]), str(file["sha256"]), int(file["bytes"])) for file in told]
    sizes = {size for _, _, size in files}
    known = {digest for _, digest, _ in files}
    found: set[str] = set()
    for path in paths:
        digests = set(_digests(path, sizes))
        if not digests & known:
            raise NotGenuine(
                f"{path.name} は検査したファイルではありません。", f"{path.name} was not what was checked."
            )
        found |= digests
    missing = ", ".join(name for name, digest, _ in files if digest not in found)
    if missing:
        raise NotGenuine(f"検査した内容と違うか、見当たりません：{missing}", f"Changed or not given: {missing}")


def _digests(path: Path, sizes: set[int]) -> Iterator[str]:
    """SHA-256 of every file below, also in zips; only sizes that occur are read, so a zip bomb is not unpacked."""
    for file in _below(path):
        if file.stat().st_size in sizes:
            with file.open("rb") as content:
                yield hashlib.file_digest(content, "sha256").hexdigest()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist():
                    if member.file_size in sizes:
                        yield from _digest_of_member(archive, member)


def _below(path: Path) -> Iterable[Path]:
    return sorted(below for below in path.rglob("*") if below.is_file()) if path.is_dir() else [path]


def _digest_of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[str]:
    try:
        with archive.open(member) as content:
            # typeshed knows less of it than it is: a buffered reader.
            yield hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return
