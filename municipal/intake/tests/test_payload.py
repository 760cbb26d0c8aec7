"""A ZIP that is broken in any way is refused with one sentence; a sound one is read (申請データの試験)."""

import json
import stat
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.intake import archive
from municipal.intake.making import SOMEBODY, filled, made, zipped
from municipal.intake.payload import ANSWERS, FORM, Json, canonical, digest_of, read
from municipal.municipalities import wall

from .coming import NOON, OPEN_ENTRY, RECEIPT, certificate, entry, person

Parts = dict[str, bytes]
Change = Callable[[Json, Parts], None]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def sound(town: int) -> tuple[Json, Parts]:
    """Of somebody who has a picture to show; everything a ZIP may hold."""
    signed = certificate()
    said = filled(entry("child-allowance"))
    said.files = [("evidence-custody", filled_picture())]
    return made(entry("child-allowance"), RECEIPT, person(signed), signed, at=NOON, said=said)


def filled_picture() -> bytes:
    from municipal.applications.tests.filling import picture

    return picture()


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content, town=TOWN, receipt=RECEIPT)
    assert str(refused.value).endswith("。")
    return refused.value.code


def test_a_sound_one_is_read_to_the_letter(sound: tuple[Json, Parts]) -> None:
    found = read(zipped(sound), town=TOWN, receipt=RECEIPT)
    assert (found.receipt, found.procedure, found.applied_at, found.language) == (
        RECEIPT, "child-allowance", NOON, "ja",
    )  # fmt: skip
    assert found.applicant["name"] == "甲野　花子"
    assert found.form == sound[1][FORM]
    assert [one.field for one in found.attachments] == ["evidence-custody"]
    assert found.signature is not None


def test_the_same_content_packed_otherwise_has_the_same_digest(sound: tuple[Json, Parts]) -> None:
    plain, turned = zipped(sound), zipped(sound, sorted(sound[1], reverse=True))
    assert plain != turned
    assert read(plain, town=TOWN, receipt=RECEIPT).digest == read(turned, town=TOWN, receipt=RECEIPT).digest


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 100, b"PK\x05\x06" + bytes(18), b"%PDF-1.7\n%%EOF", bytes(70)])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert refusal(content) in ("payload_zip", "payload_missing")


def test_half_a_file_and_a_file_with_a_bit_turned_are_refused(sound: tuple[Json, Parts]) -> None:
    whole = zipped(sound)
    assert refusal(whole[: len(whole) // 2]) == "payload_zip"
    for at in (40, len(whole) // 3, len(whole) // 2):
        turned = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert refusal(turned).startswith("payload_")


def raw(*parts: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../manifest.json", "/etc/passwd", "attachments/../../x.png", "attachments\\001.png", "C:/x.pdf",
        "manifest.JSON",
        "attachments/001.exe", "attachments/1.png", "attachments/", "attachments/００１.png", "答え.json", "x" * 300,
        "manifest.json/", ".hidden", "__MACOSX/._form.pdf",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert refusal(raw((name, b"x"))) == "payload_name"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    assert refusal(raw((ANSWERS, b"{}"), (ANSWERS, b"[]"))) == "payload_twice"


def test_a_link_and_an_odd_method_are_refused() -> None:
    link = ZipInfo("form.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(raw((link, b"/etc/passwd"))) == "payload_sealed"
    assert refusal(raw((FORM, b"x"), method=ZIP_BZIP2)) == "payload_sealed"


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(raw((FORM, b"x")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    assert refusal(bytes(content)) == "payload_sealed"


def test_a_bomb_is_refused_and_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(raw((ANSWERS, b" " * 10_000_000))) == "payload_size"
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    many = [(f"attachments/{number:03d}.png", bytes(300_000)) for number in range(4)]
    assert refusal(raw(*many)) == "payload_size"


def test_a_size_that_the_zip_lies_about_helps_nobody() -> None:
    content = bytearray(raw((ANSWERS, b" " * 3_000_000)))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")
    assert refusal(bytes(content)) in ("payload_zip", "payload_size", "payload_missing")


def test_too_large_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    assert refusal(raw((FORM, bytes(range(256))))) == "payload_size"
    monkeypatch.undo()
    assert refusal(raw(*((f"attachments/{number:03d}.png", b"x") for number in range(61)))) == "payload_parts"


def _set(path: str, value: Any) -> Change:
    def change(manifest: Json, parts: Parts) -> None:
        *steps, last = path.split(".")
        found: Any = manifest
        for step in steps:
            found = found[int(step) if step.isdigit() else step]
        found[int(last) if last.isdigit() else last] = value

    return change


def _drop(name: str) -> Change:
    def change(_manifest: Json, parts: Parts) -> None:
        del parts[name]

    return change


def _also(name: str, content: bytes) -> Change:
    return lambda _manifest, parts: parts.update({name: content})


def _content(name: str, content: bytes) -> Change:
    """Another content, listed rightly."""

    def change(manifest: Json, parts: Parts) -> None:
        parts[name] = content
        row = next(one for one in manifest["parts"] if one["name"] == name)
        row["sha256"], row["size"] = digest_of(content), len(content)

    return change


def _listed_twice(manifest: Json, _parts: Parts) -> None:
    manifest["parts"].append(manifest["parts"][0])


GOOD = b'{"applicant":{"name":"x"},"answers":{},"people":{}}'
CHANGES: dict[str, tuple[Change, str]] = {
    "another town": (_set("municipality", "990027"), "payload_elsewhere"),
    "another number": (_set("receipt_number", "M00000000000000"), "payload_elsewhere"),
    "another profile": (_set("profile", "kijun-application/2"), "payload_shape"),
    "no version": (_set("version", 0), "payload_shape"),
    "version is true": (_set("version", True), "payload_shape"),
    "a day that there is not": (_set("applied_at", "2026-02-30T12:00:00+09:00"), "payload_shape"),
    "a time without offset": (_set("applied_at", "2026-11-29T12:00:00"), "payload_shape"),
    "another language": (_set("language", "fr"), "payload_shape"),
    "an unknown item": (_set("note", "x"), "payload_shape"),
    "a procedure that is none": (_set("procedure", "../x"), "payload_shape"),
    "wrong digest": (_set("parts.0.sha256", "0" * 64), "payload_digest"),
    "wrong size": (_set("parts.1.size", 7), "payload_digest"),
    "a part twice in the manifest": (_listed_twice, "payload_missing"),
    "a kind that belongs elsewhere": (_set("parts.0.kind", "form"), "payload_shape"),
    "no answers": (_drop(ANSWERS), "payload_missing"),
    "no form": (_drop(FORM), "payload_missing"),
    "no attachment": (_drop("attachments/001.png"), "payload_missing"),
    "a part more": (_also("attachments/002.png", b"x"), "payload_missing"),
    "form is a picture": (_content(FORM, b"\x89PNG\r\n\x1a\n"), "attachment_broken"),
    "form has a program": (_content(FORM, b"%PDF-1.4 /JavaScript %%EOF"), "attachment_active"),
    "attachment is a page": (_content("attachments/001.png", b"<html>"), "attachment_kind"),
    "attachment is half": (_content("attachments/001.png", b"\x89PNG\r\n\x1a\n" + bytes(20)), "attachment_broken"),
    "answers in Shift JIS": (_content(ANSWERS, GOOD.replace(b"x", "甲".encode("cp932"))), "payload_json"),
    "answers with a byte order mark": (_content(ANSWERS, b"\xef\xbb\xbf" + GOOD), "payload_json"),
    "answers in UTF-16": (_content(ANSWERS, GOOD.decode().encode("utf-16")), "payload_json"),
    "a name said twice": (_content(ANSWERS, GOOD[:-1] + b',"people":{}}'), "payload_json"),
    "no number": (_content(ANSWERS, GOOD.replace(b"{}", b'{"a":NaN}', 1)), "payload_json"),
    "no end": (_content(ANSWERS, b"[" * 50_000), "payload_json"),
    "a list": (_content(ANSWERS, b"[]"), "payload_shape"),
    "an item more": (_content(ANSWERS, GOOD[:-1] + b',"x":1}'), "payload_shape"),
    "no name": (_content(ANSWERS, GOOD.replace(b'"name":"x"', b"")), "payload_shape"),
    "half a letter": (_content(ANSWERS, GOOD.replace(b'"x"', b'"\\ud800"')), "surrogate"),
    "a letter that is none": (_content(ANSWERS, GOOD.replace(b'"x"', b'"a\\u0000b"')), "nul"),
    "letters turned round": (_content(ANSWERS, GOOD.replace(b'"x"', b'"\\u202ex"')), "bidirectional"),
    "signature is none": (_content("signature.json", b"{}"), "payload_shape"),
    "signature is no base64": (
        _content("signature.json", canonical({
            "serial": "0" * 32, "algorithm": "ECDSA-SHA256", "signature": "*", "certificate": "AA==",
        })), "payload_shape",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_differs_from_the_profile_is_refused(sound: tuple[Json, Parts], what: str) -> None:
    (manifest, parts), (change, code) = sound, CHANGES[what]
    change(manifest, parts)
    assert refusal(zipped((manifest, parts))) == code


def test_every_form_of_the_catalogue_can_be_filled_and_read(town: int) -> None:
    from municipal.applications.operations.submitting import with_files
    from municipal.applications.rules.answers import faulty
    from municipal.procedures.offered import entries

    for one in entries():
        if not one.is_online:
            continue
        said = filled(one)
        files = [(name, f"{number:032x}") for number, (name, _content) in enumerate(said.files)]
        assert faulty(one, with_files(said.answers, files)) == [], one.id  # type: ignore[arg-type]
    content = zipped(made(entry(OPEN_ENTRY), RECEIPT, SOMEBODY, None, at=NOON))
    assert read(content, town=TOWN, receipt=RECEIPT).signature is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(at=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 200))
def test_no_damage_is_an_error_of_ours(at: int, value: int, cut: int) -> None:
    whole = bytearray(_WHOLE)
    whole[at % len(whole)] = value
    content = bytes(whole[: len(whole) - cut])
    try:
        found = read(content, town=TOWN, receipt=RECEIPT)
    except Refused:
        return
    # Bookkeeping of the ZIP that nobody reads may differ; what counts may not.
    assert json.dumps(found.answers) == json.dumps(_ANSWERS)


def _plain() -> tuple[bytes, Json]:
    answers = canonical({"applicant": {"name": "甲野"}, "answers": {"a": "見本"}, "people": {}})
    form = b"%PDF-1.4 sample %%EOF"
    parts = {ANSWERS: answers, FORM: form}
    manifest: Json = {
        "profile": "kijun-application/1", "receipt_number": RECEIPT, "municipality": f"{TOWN:06d}", "version": 1,
        "procedure": "bulky-waste", "applied_at": "2026-11-29T12:00:00+09:00", "language": "ja",
        "parts": [
            {"name": name, "kind": kind, "sha256": digest_of(parts[name]), "size": len(parts[name])}
            for name, kind in ((ANSWERS, "answers"), (FORM, "form"))
        ],
    }  # fmt: skip
    return zipped((manifest, parts)), {"a": "見本"}


_WHOLE, _ANSWERS = _plain()


def test_nothing_is_asked_of_the_database_to_refuse() -> None:
    with pytest.raises(wall.NoMunicipality):
        wall.current()
    assert refusal(b"x") == "payload_zip"
