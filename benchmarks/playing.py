"""The default town's five years, lived through act by act, beside loading them at once (上演の測定)."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from django.core.management import call_command

from municipal.municipalities import wall
from municipal.residents.models import ResidentEvent, ResidentRecord

from .ground import AS_OF, TOWN
from .measuring import Table, Times

SECONDS = 90
Fresh = Callable[[], AbstractContextManager[str]]


def measure(fresh: Fresh, residents: int = 2000, rounds: int = 1) -> list[Table]:
    """``make_town`` by both ways in turn, each time into an empty database."""
    bulk, played = Times(), Times()
    acts = rows = 0
    for _ in range(rounds):
        for times, is_played in ((bulk, False), (played, True)):
            with fresh():
                with times.taking():
                    call_command(
                        "make_town", town=f"{TOWN}", residents=residents, seed=1, as_of=date.fromisoformat(AS_OF),
                        is_played=is_played, without_accounts=True, stdout=io.StringIO(),
                    )  # fmt: skip
                with wall.within(TOWN):
                    acts, rows = ResidentEvent.objects.count(), ResidentRecord.objects.count()
    table = Table(
        "A town lived through",
        ("residents", "rows of history", "acts", "at once", "act by act", "own CPU", "ratio", "acts per second"),
        "Median by the clock, commit and generator included. Every act is entered by one actor and decided by another, "
        f"with every constraint, the audit and the outbox; both ways export the same bytes. Target: {SECONDS} s.",
    )
    table.add(
        f"{residents:,}", f"{rows:,}", f"{acts:,}", f"{bulk.p50:.1f} s", f"{played.p50:.1f} s",
        f"{sorted(played.cpu)[len(played.cpu) // 2]:.1f} s", f"{played.p50 / bulk.p50:.1f}", f"{acts / played.p50:.0f}",
        is_met=played.p50 <= SECONDS,
    )  # fmt: skip
    return [table]
