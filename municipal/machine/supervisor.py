"""Keeps a list of services alive and stops them in order (見張り)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .postgresql import NotRunnable

TICK = 0.5
LONGEST_PAUSE = 30.0
# A service that ran this long (seconds) and ends is started again at once, as if for the first time.
SETTLED = 60.0


class Service(Protocol):
    """Whatever can be started, asked and stopped (サービス)."""

    name: str

    @property
    def is_running(self) -> bool: ...

    def start(self) -> bool: ...

    def stop(self) -> None: ...


@dataclass
class Watched:
    """One service under watch: since when it runs, how often it fell, when to try again (見張り対象)."""

    service: Service
    is_ours: bool
    started_at: float
    falls: int = 0
    try_at: float = 0.0


@dataclass
class Supervisor:
    """Starts services in order, starts a fallen one again, stops them in reverse (見張り役).

    ``say`` receives one line for each thing that a person should know.
    """

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    watched: list[Watched] = field(init=False, default_factory=list)

    def add(self, service: Service, *, adopt: bool = False) -> None:
        """Start ``service`` and watch it. One that runs already is stopped by us only if we ``adopt`` it.

        Raises NotRunnable; even then whatever came up half-way is stopped at the end.
        """
        entry = Watched(service, is_ours=adopt or not service.is_running, started_at=self.clock())
        self.watched.append(entry)
        service.start()

    def tend(self) -> None:
        """Look at every service once; start the fallen ones again, less and less eagerly."""
        for entry in self.watched:
            if not entry.service.is_running and self.clock() >= entry.try_at:
                self._raise_again(entry)

    def _raise_again(self, entry: Watched) -> None:
        now = self.clock()
        entry.falls = 1 if now - entry.started_at > SETTLED else entry.falls + 1
        self.say(f"{entry.service.name} has ended; starting it again.")
        try:
            entry.is_ours = entry.service.start() or entry.is_ours
        except NotRunnable as error:
            self.say(str(error))
        entry.started_at = self.clock()
        entry.try_at = entry.started_at + min(2.0**entry.falls - 2, LONGEST_PAUSE)

    def watch(self) -> None:
        """Tend until interrupted."""
        while True:
            self.tend()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop everything of ours, the last first; one that resists does not keep the others running."""
        while self.watched:
            entry = self.watched.pop()
            if entry.is_ours:
                try:
                    entry.service.stop()
                except Exception as error:  # the others must still be stopped
                    self.say(f"{entry.service.name} could not be stopped: {error}")
