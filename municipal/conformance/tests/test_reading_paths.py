"""Files, folders and archives: everything is read, or said not to be, and nothing leads outside (パスの走査)."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from municipal.conformance.reading import TableFile, Unreadable, archives, read
from municipal.conformance.reading.tables import Refused

CSV = "番号,氏名\n1,甲\n"
KNOWN = frozenset({"番号", "氏名"})
Told = list[tuple[str, str]]


def told(*paths: Path) -> Told:
    """Name and oddity of everything that was found, tables with the number of their rows."""
    found = []
    for file in read(paths, KNOWN):
        rows = sum(frame.height for frame in file.batches()) if isinstance(file, TableFile) else 0
        found.append((file.name, " ".join(oddity.kind for oddity in file.oddities) or str(rows)))
    return found


def packed(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def written(path: Path, data: bytes | str = CSV) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.csv", "a/2.csv", "a/1.csv", "c.csv"):
        written(tmp_path / name)
    assert told(tmp_path) == [("a/1.csv", "1"), ("a/2.csv", "1"), ("b.csv", "1"), ("c.csv", "1")]


def test_several_folders_are_told_apart(tmp_path: Path) -> None:
    written(tmp_path / "old/x.csv")
    written(tmp_path / "new/x.csv")
    assert told(tmp_path / "old", tmp_path / "new") == [("old/x.csv", "1"), ("new/x.csv", "1")]


def test_hidden_things_papers_and_texts_are_left_out_and_said_so(tmp_path: Path) -> None:
    for name in (".git/config", ".hidden.csv", "Thumbs.db", "__MACOSX/x.csv", "~$x.xlsx"):
        written(tmp_path / name)
    written(tmp_path / "readme.txt", "これは説明です。\n")
    written(tmp_path / "scan.pdf", "%PDF-1.7")
    written(tmp_path / "y.txt")
    assert told(tmp_path) == [
        (".git", "skipped_hidden"),
        (".hidden.csv", "skipped_hidden"),
        ("Thumbs.db", "skipped_hidden"),
        ("__MACOSX", "skipped_hidden"),
        ("readme.txt", "not_a_table"),
        ("scan.pdf", "not_a_table"),
        ("y.txt", "1"),
        ("~$x.xlsx", "skipped_hidden"),
    ]


def test_a_paper_that_somebody_wants_checked_is_refused(tmp_path: Path) -> None:
    assert told(written(tmp_path / "scan.pdf", "%PDF-1.7")) == [("scan.pdf", "unsupported_kind")]


def test_a_text_that_somebody_wants_checked_is_read(tmp_path: Path) -> None:
    assert told(written(tmp_path / "x.txt", "a,b\n1,2\n")) == [("x.txt", "1")]


def test_links_and_loops_are_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "outside.csv")
    folder = written(tmp_path / "given/x.csv").parent
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "out.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "round").symlink_to("round")
    assert told(folder) == [
        ("loop", "not_followed"),
        ("out.csv", "not_followed"),
        ("round", "not_followed"),
        ("x.csv", "1"),
    ]


def test_a_link_that_was_given_is_followed(tmp_path: Path) -> None:
    written(tmp_path / "real/x.csv")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    assert told(tmp_path / "link") == [("x.csv", "1")]


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    written(tmp_path / "x.csv")
    assert told(tmp_path) == [("pipe.csv", "not_a_table"), ("x.csv", "1")]
    assert told(tmp_path / "pipe.csv") == [("pipe.csv", "unsupported_kind")]


def test_a_path_that_does_not_exist_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        told(tmp_path / "missing.csv")


def test_an_empty_folder_and_an_empty_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    assert told(tmp_path / "inner") == [("inner", "empty_folder")]
    assert told(written(tmp_path / "x.csv", b"")) == [("x.csv", "empty_file")]
    assert told(written(tmp_path / "x.csv", b"\r\n\n")) == [("x.csv", "empty_file")]


def test_a_file_that_the_system_cannot_read_is_told() -> None:
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("needs the Linux proc file system")
    assert told(memory) == [("mem", "broken_file")]


def test_old_workbooks_web_pages_and_false_names_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    written(tmp_path / "b.csv", "<!DOCTYPE html><html></html>")
    written(tmp_path / "c.xlsx", "番号,氏名\n")
    written(tmp_path / "d.zip", "番号,氏名\n")
    written(tmp_path / "e.gz", b"\x1f\x8b\x08")
    assert told(tmp_path) == [
        ("a.xls", "unsupported_kind"),
        ("b.csv", "unsupported_kind"),
        ("c.xlsx", "broken_file"),
        ("d.zip", "broken_archive"),
        ("e.gz", "unsupported_kind"),
    ]


def test_members_of_an_archive_are_read_with_their_place_in_the_name(tmp_path: Path) -> None:
    inner = packed({"z.csv": CSV})
    data = packed({"b/x.csv": CSV, "a.csv": CSV, "in.zip": inner, "__MACOSX/a.csv": "x", "readme.md": "x", "b/": ""})
    assert told(written(tmp_path / "x.zip", data)) == [
        ("x.zip/__MACOSX/a.csv", "skipped_hidden"),
        ("x.zip/a.csv", "1"),
        ("x.zip/b/x.csv", "1"),
        ("x.zip/in.zip/z.csv", "1"),
        ("x.zip/readme.md", "not_a_table"),
    ]


def test_tables_of_an_archive_can_be_read_later_and_leave_nothing_behind(tmp_path: Path) -> None:
    tables = list(read([written(tmp_path / "x.zip", packed({"in.zip": packed({"z.csv": CSV})}))], KNOWN))
    (table,) = tables
    assert isinstance(table, TableFile)
    kept = table.kept
    assert [frame.height for frame in table.batches()] == [1]
    assert [frame.height for frame in table.batches()] == [1]
    paths = [part.path for part in _unpacked(kept)]
    assert len(paths) == 2
    assert all(path.exists() for path in paths)
    del table, kept
    tables.clear()
    assert not any(path.exists() for path in paths)


def _unpacked(kept: object) -> list[archives.Unpacked]:
    if isinstance(kept, tuple):
        return [part for one in kept for part in _unpacked(one)]
    return [kept] if isinstance(kept, archives.Unpacked) else []


@pytest.mark.parametrize("name", ["../x.csv", "/x.csv", "a/../../x.csv", "a\\..\\x.csv", "C:/x.csv"])
def test_members_whose_names_lead_outside_are_not_unpacked(name: str, tmp_path: Path) -> None:
    assert told(written(tmp_path / "x.zip", packed({name: CSV}))) == [(f"x.zip/{name}", "not_followed")]
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_names_in_cp932_are_read_as_the_japanese_wrote_them(tmp_path: Path) -> None:
    data = packed({"XXXX.csv": CSV}).replace(b"XXXX", "表能".encode("cp932"))
    assert told(written(tmp_path / "x.zip", data)) == [("x.zip/表能.csv", "1")]


def test_archives_three_deep_are_not_opened(tmp_path: Path) -> None:
    data = packed({"1.zip": packed({"2.zip": packed({"x.csv": CSV})})})
    assert told(written(tmp_path / "x.zip", data)) == [("x.zip/1.zip/2.zip", "nested_archive")]


@pytest.mark.parametrize("end", [-1, -20, 40, 10, 4])
def test_an_archive_that_was_cut_off_is_told(end: int, tmp_path: Path) -> None:
    assert told(written(tmp_path / "x.zip", packed({"x.csv": CSV})[:end])) == [("x.zip", "broken_archive")]


def test_a_member_with_a_wrong_check_sum_is_told_by_itself(tmp_path: Path) -> None:
    data = bytearray(packed({"a.csv": CSV, "b.csv": CSV}))
    at = data.rfind(b"PK\x01\x02") + 16
    data[at : at + 4] = b"\0\0\0\0"
    assert told(written(tmp_path / "x.zip", bytes(data))) == [("x.zip/a.csv", "1"), ("x.zip/b.csv", "broken_archive")]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert told(written(tmp_path / "x.zip", packed({"x.csv": b"0" * (11 << 20)}))) == [("x.zip", "archive_refused")]


def test_a_member_that_is_larger_than_it_claims_is_stopped(tmp_path: Path) -> None:
    data = bytearray(packed({"x.csv": CSV * 100}))
    at = data.rfind(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", 20)
    (kind,) = [oddity for _, oddity in told(written(tmp_path / "x.zip", bytes(data)))]
    assert kind in ("archive_refused", "broken_archive")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    data = packed({f"{number}.csv": "" for number in range(archives.MOST_MEMBERS + 1)})
    assert told(written(tmp_path / "x.zip", data)) == [("x.zip", "archive_refused")]


def test_a_table_of_contents_out_of_proportion_is_not_even_loaded(tmp_path: Path) -> None:
    data = bytearray(packed({"x.csv": CSV}))
    at = data.rfind(b"PK\x05\x06") + 12
    data[at : at + 4] = struct.pack("<L", 0xFFFFFFFF)
    with pytest.raises(Refused) as refused:
        archives.guard(written(tmp_path / "x.zip", bytes(data)), archives.Budget())
    assert refused.value.oddity.kind == "archive_refused"


def test_an_encrypted_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    data = bytearray(packed({"a.csv": CSV, "b.csv": CSV}))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert told(written(tmp_path / "x.zip", bytes(data))) == [("x.zip/a.csv", "encrypted_member"), ("x.zip/b.csv", "1")]


def test_what_cannot_be_read_still_has_its_digest_and_size(tmp_path: Path) -> None:
    (file,) = read([written(tmp_path / "x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")], KNOWN)
    assert isinstance(file, Unreadable)
    assert (file.bytes, len(file.sha256)) == (8, 64)
