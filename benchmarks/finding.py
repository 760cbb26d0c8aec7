"""Finding a procedure by what people say: how fast and how well (手続の検索の計測)."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Table, Times, ms

QUESTIONS = Path(__file__).parents[1] / "municipal" / "procedures" / "tests" / "questions.csv"
GOAL = 0.020


def measure(rounds: int = 5, most: int = 1_000) -> list[Table]:
    """Every question of the set, searched; and texts that contain it word for word, for comparison (計測)."""
    # Sentences of the catalogue's own checks are looked up with Django's settings, not its database.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "municipal.settings")
    from municipal.procedures.catalogue import shipped
    from municipal.procedures.search import Index

    entries, building, finding, scanning = shipped(), Times(), Times(), Times()
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["expected"]][:most]
    texts = [(entry.id, str(entry.content)) for entry in entries]
    found: list[list[str]] = []
    for _round in range(rounds):
        with building.taking():
            index = Index(entries)
        found = []
        for row in rows:
            with finding.taking():
                hits = index.find(row["question"])
            found.append([hit.entry.id for hit in hits])
            with scanning.taking():
                [name for name, text in texts if row["question"] in text]
    table = Table(
        "Finding a procedure",
        ("what", "of", "p50", "p95", "R@1", "R@3"),
        note=f"{len(entries)} procedures, {len(rows)} questions in four languages; target: p95 at most {ms(GOAL)}.",
    )
    expected = [row["expected"] for row in rows]
    table.add("index built", f"{len(entries)} procedures", ms(building.p50), ms(building.p95), "", "")
    rates = (_rate(found, expected, 1), _rate(found, expected, 3))
    table.add(
        "question answered", f"{len(rows)} questions", ms(finding.p50), ms(finding.p95), *rates,
        is_met=finding.p95 <= GOAL,
    )  # fmt: skip
    literal = [[name for name, text in texts if row["question"] in text] for row in rows]
    rates = (_rate(literal, expected, 1), _rate(literal, expected, 3))
    table.add("word for word", f"{len(rows)} questions", ms(scanning.p50), ms(scanning.p95), *rates)
    return [table]


def _rate(found: Sequence[Sequence[str]], expected: Sequence[str], most: int) -> str:
    right = sum(one in ids[:most] for one, ids in zip(expected, found, strict=True))
    return f"{right / len(expected):.3f}"
