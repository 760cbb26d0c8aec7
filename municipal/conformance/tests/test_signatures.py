"""A signature holds for exactly one report, and breaks with any byte (署名の試験)."""

import base64
import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from municipal.conformance import reports, signatures
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import JudgedFile
from municipal.conformance.signatures import NotGenuine, NotSigned, sign, verify, verify_inputs
from municipal.conformance.tests.made_reports import judged_file, report, result

KEYS = signatures.new_keys()
OTHER = signatures.new_keys()
REPORT = reports.write(report(result("RES-0001")), "json")
SIGNATURE = sign(REPORT, KEYS.private)


def test_a_genuine_report_is_verified_with_what_was_checked() -> None:
    made = verify(REPORT, SIGNATURE, KEYS.public)
    assert made.is_known_key
    assert made.fingerprint == signatures.fingerprint(KEYS.public)
    assert made.files == {"residents.csv": "ab" * 32, "x.zip/世帯#1.csv": "ab" * 32}
    assert made.packs == {"resident-record-data@1": "cd" * 32}
    assert made.engine == json.loads(REPORT)["engine"]


def test_without_a_known_key_only_the_fingerprint_is_told() -> None:
    made = verify(REPORT, SIGNATURE)
    assert not made.is_known_key
    assert len(made.fingerprint) == 64


def test_the_same_report_and_key_give_the_same_signature() -> None:
    assert sign(REPORT, KEYS.private) == SIGNATURE
    assert sign(REPORT, OTHER.private) != SIGNATURE


def test_the_signature_holds_digests_of_report_inputs_and_packs() -> None:
    signed = json.loads(SIGNATURE)
    assert signed["report_sha256"] == hashlib.sha256(REPORT).hexdigest()
    assert signed["files"][0] == {"name": "residents.csv", "sha256": "ab" * 32}
    assert signed["packs"] == [{"name": "resident-record-data@1", "digest": "cd" * 32}]


def test_a_report_with_any_byte_changed_is_rejected() -> None:
    for place in range(len(REPORT)):
        changed = REPORT[:place] + bytes([REPORT[place] ^ 1]) + REPORT[place + 1 :]
        with pytest.raises(NotGenuine):
            verify(changed, SIGNATURE)


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80])
def test_a_signature_with_any_byte_changed_is_rejected(flip: int) -> None:
    for place in range(len(SIGNATURE)):
        changed = SIGNATURE[:place] + bytes([SIGNATURE[place] ^ flip]) + SIGNATURE[place + 1 :]
        with pytest.raises(NotGenuine):
            verify(REPORT, changed)


@given(st.integers(0, len(SIGNATURE)), st.binary(max_size=3), st.integers(0, 3))
def test_nothing_can_be_put_into_a_signature_or_left_out(place: int, added: bytes, dropped: int) -> None:
    changed = SIGNATURE[:place] + added + SIGNATURE[place + dropped :]
    if changed != SIGNATURE:
        with pytest.raises(NotGenuine):
            verify(REPORT, changed)


@pytest.mark.parametrize("changed", [REPORT + b" ", REPORT[:-1], b"", REPORT.replace(b'"exit": 0', b'"exit": 1')])
def test_a_longer_shorter_or_other_report_is_rejected(changed: bytes) -> None:
    with pytest.raises(NotGenuine, match="changed after it was signed"):
        verify(changed, SIGNATURE)


def test_a_signature_by_another_key_is_rejected_where_the_key_is_known() -> None:
    with pytest.raises(NotGenuine, match="another key"):
        verify(REPORT, sign(REPORT, OTHER.private), KEYS.public)


def test_another_key_put_into_a_signature_is_rejected() -> None:
    signed = json.loads(SIGNATURE)
    signed["public_key"] = json.loads(sign(REPORT, OTHER.private))["public_key"]
    with pytest.raises(NotGenuine, match="not valid"):
        verify(REPORT, (json.dumps(signed, indent=1) + "\n").encode())


def signed_by_hand(**changes: object) -> bytes:
    """A signature that is right in itself but says something else."""
    content = {**json.loads(SIGNATURE), **changes}
    del content["signature"]
    key = signatures._private_key(KEYS.private)
    seal = base64.b64encode(key.sign((json.dumps(content, indent=1) + "\n").encode())).decode()
    return (json.dumps({**content, "signature": seal}, indent=1) + "\n").encode()


def test_a_signature_made_by_hand_alike_is_accepted() -> None:
    assert verify(REPORT, signed_by_hand(), KEYS.public).is_known_key


@pytest.mark.parametrize("changes", [{"files": []}, {"engine": "0"}, {"packs": []}, {"extra": 1}])
def test_a_signature_that_says_other_things_than_the_report_is_rejected(changes: dict[str, object]) -> None:
    with pytest.raises(NotGenuine, match="other things than the report"):
        verify(REPORT, signed_by_hand(**changes))


def test_the_unused_bits_of_base64_cannot_be_changed() -> None:
    seal = json.loads(SIGNATURE)["signature"]
    last = seal[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = seal[:-3] + alphabet[alphabet.index(last) ^ 1] + "=="
    assert base64.b64decode(twin) == base64.b64decode(seal)
    with pytest.raises(NotGenuine):
        verify(REPORT, SIGNATURE.replace(seal.encode(), twin.encode()))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"x", b"[" * 100_000, REPORT, b'{"schema": "urn:kijun:conform-signature:1"}']
)
def test_what_is_no_signature_is_rejected(data: bytes) -> None:
    with pytest.raises(NotGenuine, match="no signature of this program"):
        verify(REPORT, data)


def test_a_report_with_values_as_written_is_not_signed() -> None:
    with pytest.raises(NotSigned) as refused:
        sign(reports.write(report(privacy="raw"), "json"), KEYS.private)
    assert "署名できません" in refused.value.ja
    assert "lower level" in refused.value.en


@pytest.mark.parametrize("level", ["counts", "rows", "masked"])
def test_a_report_below_that_level_is_signed(level: str) -> None:
    data = reports.write(report(privacy=level), "json")
    assert verify(data, sign(data, KEYS.private), KEYS.public).is_known_key


def test_what_is_no_report_is_not_signed() -> None:
    with pytest.raises(RefusedInput):
        sign(b"{}", KEYS.private)
    with pytest.raises(NotSigned, match="lacks"):
        sign(b'{"schema": "urn:kijun:conform-report:1", "privacy": "rows"}', KEYS.private)


def rsa_keys() -> tuple[bytes, bytes]:
    key = generate_private_key(65537, 2048)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def test_other_kinds_of_keys_are_refused() -> None:
    private, public = rsa_keys()
    with pytest.raises(NotSigned, match="no Ed25519 key"):
        sign(REPORT, private)
    with pytest.raises(NotGenuine, match="no Ed25519 key"):
        verify(REPORT, SIGNATURE, public)
    with pytest.raises(NotSigned, match="no private key"):
        sign(REPORT, KEYS.public)
    with pytest.raises(NotGenuine, match="no public key"):
        verify(REPORT, SIGNATURE, b"x")


def on_disk(path: Path, name: str, data: bytes) -> JudgedFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return replace(judged_file(name), sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def of(*files: JudgedFile) -> bytes:
    return reports.write(report(files=files), "json")


def test_the_files_that_were_judged_are_recognised_in_folders_and_zips(tmp_path: Path) -> None:
    plain = on_disk(tmp_path / "in" / "deep" / "a.csv", "deep/a.csv", b"a,b\n1,2\n")
    inner = on_disk(tmp_path / "b.csv", "x.zip/b.csv", b"c,d\n" * 1000)
    with zipfile.ZipFile(tmp_path / "in" / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "b.csv", "b.csv")
        archive.writestr("bomb.csv", b"0" * 5_000_000)
    (tmp_path / "in" / "readme.txt").write_text("not judged")
    verify_inputs(of(plain, inner), [tmp_path / "in"])
    verify_inputs(of(plain), [tmp_path / "in" / "deep" / "a.csv"])


def test_a_changed_or_missing_file_is_named(tmp_path: Path) -> None:
    one = on_disk(tmp_path / "a.csv", "a.csv", b"a,b\n1,2\n")
    two = on_disk(tmp_path / "b.csv", "b.csv", b"a,b\n3,4\n")
    (tmp_path / "b.csv").write_bytes(b"a,b\n3,5\n")
    with pytest.raises(NotGenuine, match="Changed or not given: b"):
        verify_inputs(of(one, two), [tmp_path])
    with pytest.raises(NotGenuine, match=r"b\.csv was not what was checked"):
        verify_inputs(of(one, two), [tmp_path / "a.csv", tmp_path / "b.csv"])


def test_a_broken_zip_is_no_more_than_a_file_that_does_not_fit(tmp_path: Path) -> None:
    one = on_disk(tmp_path / "a.csv", "x.zip/a.csv", b"a,b\n1,2\n")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "a.csv", "a.csv")
    data = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(data.replace(b"1,2", b"1,3"))
    with pytest.raises(NotGenuine, match=r"x\.zip was not what was checked"):
        verify_inputs(of(one), [tmp_path / "x.zip"])
