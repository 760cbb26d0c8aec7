"""Files that are no slips, or no longer: each is a clear finding, none makes the checker stumble."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from municipal.conformance import slips
from municipal.conformance.findings import Exit
from municipal.conformance.tests import slip_samples as samples
from municipal.conformance.tests.slip_samples import BARCODES, EL_QR, TODAY, Sheet, codes_of

SLIP = samples.below_each_other(samples.qr_picture(EL_QR), samples.gs1_picture(BARCODES[0]))
SPECIMEN = "ELQ-0009"


def judged(folder: Path, content: bytes, name: str = "slip") -> slips.Judgement:
    (folder / name).write_bytes(content)
    return slips.judge_file(folder / name, today=TODAY)


PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "SLP-0001"),
        (b"code\n00020101", "SLP-0002"),
        ("納付書".encode("cp932"), "SLP-0002"),
        (b"GIF89a" + b"\0" * 100, "SLP-0002"),
        (b"\0" * 5000, "SLP-0002"),
        (b"%PDF-1.7", "SLP-0003"),
        (b"%PDF-1.4\n" + b"\xff" * 5000, "SLP-0003"),
        (PNG, "SLP-0003"),
        (PNG + b"\0" * 100, "SLP-0003"),
        (JPEG, "SLP-0003"),
        (JPEG + b"\xff" * 1000, "SLP-0003"),
    ],
)
def test_a_file_that_is_no_picture_and_no_pdf_is_one_finding(tmp_path: Path, content: bytes, code: str) -> None:
    result = judged(tmp_path, content)
    assert [(finding.code, finding.row) for finding in result.findings] == [(code, 0)]
    assert result.exit_status is Exit.FINDINGS


def test_the_name_of_a_file_does_not_count(tmp_path: Path) -> None:
    assert codes_of(judged(tmp_path, samples.pdf(Sheet([SLIP])), "slip.png")) == [SPECIMEN]
    assert codes_of(judged(tmp_path, b"a,b\n1,2\n", "slip.pdf")) == ["SLP-0002"]


def test_a_cut_off_file_is_one_finding(tmp_path: Path) -> None:
    whole = samples.pdf(Sheet([SLIP], ["納期限"]))
    assert codes_of(judged(tmp_path, whole[: len(whole) // 3])) == ["SLP-0003"]
    for kind in ("png", "jpeg"):
        Image.fromarray(SLIP).save(tmp_path / f"whole.{kind}")
        content = (tmp_path / f"whole.{kind}").read_bytes()
        assert codes_of(judged(tmp_path, content[: len(content) // 2])) == ["SLP-0003"], kind


def test_a_locked_pdf_is_said_to_be_locked(tmp_path: Path) -> None:
    lock = f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <{'11' * 32}> /U <{'22' * 32}> >> "
    assert codes_of(judged(tmp_path, samples.pdf(Sheet([SLIP]), trailer=lock))) == ["SLP-0004"]


def test_a_pdf_without_pages_is_damaged_and_not_locked_even_after_a_locked_one(tmp_path: Path) -> None:
    test_a_locked_pdf_is_said_to_be_locked(tmp_path)
    assert codes_of(judged(tmp_path, samples.pdf())) == ["SLP-0003"]


def test_a_picture_beyond_the_limit_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("1", (8000, 7000), 1).save(tmp_path / "large.png")
    result = slips.judge_file(tmp_path / "large.png", today=TODAY)
    assert codes_of(result) == ["SLP-0005"]
    assert result.findings[0].facts == {"megapixels": 56, "limit": 50, "side": 65_535}


def test_a_picture_that_is_too_long_for_the_reader_is_refused(tmp_path: Path) -> None:
    Image.new("1", (65_535, 5), 1).save(tmp_path / "long.png")
    assert codes_of(slips.judge_file(tmp_path / "long.png", today=TODAY)) == ["SLP-0006"]
    Image.new("1", (65_536, 5), 1).save(tmp_path / "long.png")
    assert codes_of(slips.judge_file(tmp_path / "long.png", today=TODAY)) == ["SLP-0005"]


@pytest.mark.parametrize(
    "box", ["0 0 0 0", "0 0 0.001 0.001", "0 0 1 14400", "100 100 0 0", "0 0 1e30 1e30", "nan nan nan nan", "0 0 9e9 1"]
)
def test_a_page_of_any_shape_is_no_stumbling_block(tmp_path: Path, box: str) -> None:
    result = judged(tmp_path, samples.pdf(Sheet()).replace(b"0 0 420.0 595.0", box.encode()))
    assert codes_of(result) in (["SLP-0006"], ["SLP-0005"])


def test_pages_that_are_claimed_and_not_there_are_not_listed_one_by_one(tmp_path: Path) -> None:
    result = judged(tmp_path, samples.pdf(Sheet([SLIP])).replace(b"/Count 1 ", b"/Count 1000000 "))
    found = [(finding.row, finding.code) for finding in result.findings]
    assert found[0] == (0, "SLP-0003")
    assert (1, SPECIMEN) in found
    assert len(found) < 30


@pytest.mark.parametrize("side", [9_600, 14_000, 60_000, 2**31 - 1])
def test_a_small_file_that_claims_to_be_huge_is_refused(tmp_path: Path, side: int) -> None:
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    data = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    assert codes_of(judged(tmp_path, PNG + chunk + data)) == ["SLP-0005"]


def test_what_is_no_file_is_one_finding_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "nothing", tmp_path / "pipe", Path("a\0b")):
        result = slips.judge_file(path, today=TODAY)
        assert codes_of(result) == ["SLP-0010"]
        assert result.exit_status is Exit.FINDINGS


SMALL = {
    "pdf": samples.pdf(Sheet([samples.qr_picture("1", scale=2)], ["納期限"], (100.0, 100.0))),
    "png": b"",
    "jpeg": b"",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("small")
    for kind in ("png", "jpeg"):
        Image.fromarray(samples.qr_picture("1", scale=2)).save(folder / kind, kind)
    return SMALL | {kind: (folder / kind).read_bytes() for kind in ("png", "jpeg")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_makes_it_stumble(tmp_path: Path, small: dict[str, bytes], data: st.DataObject) -> None:
    content = bytearray(small[data.draw(st.sampled_from(sorted(small)))])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    result = judged(tmp_path, bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert result.findings
    assert {finding.code[:4] for finding in result.findings} == {"SLP-"}
