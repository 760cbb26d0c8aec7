"""``make bench``: every subject, or those that are named, measured on a large made-up town (性能測定の実行)."""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks import ground
from benchmarks.measuring import machine

SUBJECTS = (
    "search",
    "page",
    "listing",
    "loading",
    "playing",
    "audit",
    "acts",
    "applying",
    "asof",
    "counting",
    "transfer",
    "renumbering",
    "checking",
    "slips",
    "payloads",
    "finding",
    "charging",
    "collecting",
    "scaleout",
)
IN_AN_EMPTY_TOWN = {"collecting", "loading", "playing", "audit", "scaleout", "charging"}
WITHOUT_A_TOWN = {"checking", "slips", "payloads", "finding"}
IN_A_COPY = {"acts", "applying", "renumbering"}
IN_BOTH = {"transfer"}


def main() -> int:
    """Print the machine and one table after another. Returns 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("subjects", nargs="*", help=f"some of: {', '.join(SUBJECTS)} (default all)")
    parser.add_argument("--residents", type=int, default=200_000, help="size of the large town (default 200000)")
    asked = parser.parse_args()
    if unknown := set(asked.subjects) - set(SUBJECTS):
        parser.error(f"no such subject: {', '.join(sorted(unknown))}")
    subjects = asked.subjects or SUBJECTS
    # Before the first subject reads the settings: one that needs no town may be measured beside one that does.
    ground.lead_django_here()
    missed = _print(subject for subject in subjects if subject in WITHOUT_A_TOWN)
    if all(subject in WITHOUT_A_TOWN for subject in subjects):
        return int(missed > 0)
    import django
    from django.conf import settings

    django.setup()
    # As a town runs it: a developer's server keeps a list of its queries.
    settings.DEBUG = False
    here = ground.Ground()
    was_started = here.start()
    try:
        here.prepare(None if set(subjects) <= IN_AN_EMPTY_TOWN | WITHOUT_A_TOWN else asked.residents)
        return int(missed + _report(here, subjects, asked.residents) > 0)
    finally:
        if was_started:
            here.postgresql.stop()


def _print(subjects: Iterable[str]) -> int:
    """Measure what needs no database; returns how many targets were missed."""
    missed = 0
    for subject in subjects:
        print(f"{machine()}\n", flush=True)
        for table in importlib.import_module(f"benchmarks.{subject}").measure():
            print(table, flush=True)
            missed += table.missed
    return missed


def _report(here: ground.Ground, subjects: Any, residents: int) -> int:
    with here.postgresql.superuser() as connection:
        version = connection.execute("SHOW server_version").fetchone()
    print(f"{machine(str(version[0]) if version else '')}; {residents:,} residents\n", flush=True)
    missed = 0
    for subject in subjects:
        if subject in WITHOUT_A_TOWN:
            continue
        measure: Callable[..., Any] = importlib.import_module(f"benchmarks.{subject}").measure
        place = [here.fresh] if subject in IN_AN_EMPTY_TOWN | IN_BOTH else [here.copy] if subject in IN_A_COPY else []
        for table in measure(*place):
            print(table, flush=True)
            missed += table.missed
    return missed


if __name__ == "__main__":
    sys.exit(main())
