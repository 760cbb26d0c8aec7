"""Hostile and damaged files end in one clear oddity, in bounded memory, and every oddity has its rule (悪い入力)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from municipal.conformance import proofs
from municipal.conformance.packs import find
from municipal.conformance.reading import TableFile, Unreadable, read
from municipal.conformance.rules import Context, Shape, all_rules
from municipal.conformance.rules import file as file_rules

READING = Path(file_rules.__file__).parents[2] / "reading"
FILE_RULES = [code for code, rule in all_rules().items() if rule.shape is Shape.FILE and code.startswith("FILE-")]

MEMORY = """
import resource, sys
from pathlib import Path
from municipal.conformance.reading import TableFile, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for file in read([Path(sys.argv[1])], frozenset({"番号"})):
    if isinstance(file, TableFile):
        sum(frame.height for frame in file.batches())
    print(*[oddity.kind for oddity in file.oddities])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def kinds_and_megabytes(path: Path) -> tuple[str, int]:
    run = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    kinds, megabytes = run.stdout.splitlines()
    return kinds, int(megabytes)


def sparse(path: Path, start: bytes, size: int) -> Path:
    path.write_bytes(start)
    os.truncate(path, size)
    return path


def test_a_single_line_of_two_gigabytes_stops_at_the_limit(tmp_path: Path) -> None:
    kinds, megabytes = kinds_and_megabytes(sparse(tmp_path / "x.csv", "番号".encode(), 2 << 30))
    assert kinds == "beyond_limits"
    assert megabytes < 700


def test_a_record_of_two_gigabytes_stops_at_the_limit(tmp_path: Path) -> None:
    kinds, megabytes = kinds_and_megabytes(sparse(tmp_path / "x.csv", "番号\n1\n".encode() * 10, 2 << 30))
    assert kinds == "repeated_heading " * 9 + "beyond_limits"
    assert megabytes < 700


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a," * 1_000_000 + b"\n")
    (file,) = read([tmp_path / "x.csv"], frozenset())
    assert isinstance(file, Unreadable)
    assert (file.oddity.kind, file.oddity.facts["limit"]) == ("beyond_limits", 5000)


def test_a_heading_with_nul_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("番号,氏\0名\n1,甲\n".encode())
    (file,) = read([tmp_path / "x.csv"], frozenset({"番号"}))
    assert isinstance(file, Unreadable)
    assert (file.oddity.kind, file.oddity.row) == ("nul_byte", 1)


def test_noise_is_never_a_traceback(tmp_path: Path) -> None:
    for name in ("x.csv", "x.json", "x.xlsx", "x.parquet", "x.zip", "x.txt"):
        for start in (b"", b"PK\x03\x04", b"PAR1", b"[", b"\xff\xfe"):
            (tmp_path / name).write_bytes(start + bytes(range(256)) * 20)
            for file in read([tmp_path / name], frozenset({"番号"})):
                if isinstance(file, TableFile):
                    assert all(frame.width > 1 for frame in file.batches())
                assert file.oddities


def test_every_kind_of_oddity_has_exactly_one_rule() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in READING.glob("*.py"))
    said = set(re.findall(r'(?:Refused|Oddity|Odd)\((?:[a-z_.]+(?: \+ index)?, )?"([a-z_]+)"', source)) - {"seen"}
    rules = "".join(path.read_text(encoding="utf-8") for path in Path(file_rules.__file__).parent.glob("*.py"))
    judged = re.findall(r'faults_of\(file, "([a-z_]+)"\)', rules)
    assert len(judged) == len(set(judged))
    assert said <= set(judged)
    assert len(said) > 20


@pytest.mark.parametrize("code", FILE_RULES)
def test_the_facts_of_a_finding_fill_its_message(code: str, tmp_path: Path) -> None:
    rule, message = all_rules()[code], find("tabular-file").messages[code]
    places = set(re.findall(r"%\((\w+)\)s", " ".join(getattr(message, name) for name in message.__slots__)))
    cases = [case for case in proofs.cases(rule) if not case.is_good]
    for number, case in enumerate(cases):
        context = Context(case.pack, case.as_of, case.today)
        for file in read([case.lay_out(tmp_path / str(number))], frozenset({"番号", "氏名", "家番号"})):
            if isinstance(file, TableFile):
                list(file.batches())
            for _, fault in rule.judge(file, context):
                assert places - {"column", "value"} <= set(fault.facts)
