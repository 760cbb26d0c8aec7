"""The encoding of a file is found, or said not to be found (文字コードの判定)."""

from pathlib import Path

import pytest

from municipal.conformance.reading import TableFile, Unreadable, read

TEXT = "番号,氏名\r\n1,髙橋\r\n2,表ソ能\r\n"
KNOWN = frozenset({"番号", "氏名"})


def only(path: Path) -> TableFile | Unreadable:
    (found,) = read([path], KNOWN)
    return found


def of(data: bytes, folder: Path) -> TableFile | Unreadable:
    path = folder / "x.csv"
    path.write_bytes(data)
    return only(path)


@pytest.mark.parametrize(
    ("encoding", "name", "has_bom"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", True),
        ("cp932", "cp932", False),
        ("utf-16", "utf-16-le", True),
        ("utf-16-le", "utf-16-le", False),
        ("utf-16-be", "utf-16-be", False),
    ],
)
def test_the_usual_encodings_are_found_and_read(encoding: str, name: str, has_bom: bool, tmp_path: Path) -> None:
    file = of(TEXT.encode(encoding), tmp_path)
    assert isinstance(file, TableFile)
    assert (file.encoding, file.has_bom, file.is_ascii) == (name, has_bom, False)
    (frame,) = file.batches()
    assert frame.rows() == [(2, "1", "髙橋"), (3, "2", "表ソ能")]
    assert file.oddities == []


def test_the_mark_of_big_endian_is_known(tmp_path: Path) -> None:
    file = of(("\ufeff" + TEXT).encode("utf-16-be"), tmp_path)
    assert isinstance(file, TableFile)
    assert (file.encoding, file.has_bom, file.columns) == ("utf-16-be", True, ("番号", "氏名"))


def test_ascii_is_right_in_every_encoding(tmp_path: Path) -> None:
    file = of(b"id,name\n1,a\n", tmp_path)
    assert isinstance(file, TableFile)
    assert (file.encoding, file.is_ascii) == ("utf-8", True)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_the_first_character_beyond_ascii_may_come_late(encoding: str, tmp_path: Path) -> None:
    file = of(b"id,name\n" + b"1,a\n" * 700_000 + "2,漢字\n".encode(encoding), tmp_path)
    assert isinstance(file, TableFile)
    assert (file.encoding, file.is_ascii) == (encoding, False)
    assert [frame["c1"][-1] for frame in file.batches()][-1] == "漢字"
    assert file.oddities == []


@pytest.mark.parametrize(("encoding", "seen"), [("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")])
def test_other_encodings_are_refused_by_name(encoding: str, seen: str, tmp_path: Path) -> None:
    file = of("番号,氏名\r\n1,甲野太郎\r\n2,東京都千代田区\r\n".encode(encoding), tmp_path)
    assert isinstance(file, Unreadable)
    assert (file.oddity.kind, file.oddity.facts["seen"]) == ("unknown_encoding", seen)


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    file = of(b"a,b\n" + b"\xff\xfe\xfd,\x85\n" * 3, tmp_path)
    assert isinstance(file, Unreadable)
    assert file.oddity.facts == {"offset": 4, "seen": "?"}


def test_half_width_kana_and_private_characters_of_cp932_are_text(tmp_path: Path) -> None:
    data = "番号,氏名\r\n1,ﾔﾏﾀﾞ 太郎\r\n2,\ue000①㈱\r\n".encode("cp932")
    file = of(data, tmp_path)
    assert isinstance(file, TableFile)
    (frame,) = file.batches()
    assert frame["c1"].to_list() == ["ﾔﾏﾀﾞ 太郎", "\ue000①㈱"]


def test_a_heading_with_bad_bytes_is_told_at_its_row(tmp_path: Path) -> None:
    data = "番号,氏名,\n".encode() + b"" + "1,甲,乙\n".encode() * 3
    file = of(data.replace("氏名,".encode(), "氏名,".encode() + b"\xff"), tmp_path)
    assert isinstance(file, TableFile)
    assert [(oddity.kind, oddity.row) for oddity in file.oddities] == [("wrong_encoding", 1)]
