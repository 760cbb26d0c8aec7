"""What a decision leads to: for each thing that a procedure may do, one function that does it (決定の実施).

A function is registered under the words of ``decision.does`` in the catalogue. It is called when a case becomes
``approved``, inside the transaction of that step and inside a savepoint of its own, with whoever took the step. It
performs the same operations as the counter and says what came of it. Raises Refused for what cannot be carried out:
everything it did is taken back, the case stays approved and the sentence stands on the clerk's page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from municipal.applications.models import Case
from municipal.core.actors import Actor


@dataclass(frozen=True)
class Done:
    """What was made of a case: a word for its kind, its id, and whether that is all (実施の結果).

    ``reference`` is None where nothing was made yet. ``is_over``: the case is done with it, in the same transaction;
    otherwise it waits for what was made: a provisional entry is decided by somebody else first.
    """

    kind: str
    reference: int | None
    is_over: bool = True


Carrier = Callable[[Actor, Case], Done | None]
Carrying = TypeVar("Carrying", bound=Carrier)
"""None: there is nothing that the program could do; the office does it and notes that it did."""

carriers: dict[str, Carrier] = {}
"""By ``does``, as the modules beside this one note them when ``receivers.py`` imports them (実施の一覧)."""


def carries(*does: str) -> Callable[[Carrying], Carrying]:
    """Let a function carry out what these words of the catalogue name (実施の登録)."""

    def note(function: Carrying) -> Carrying:
        for one in does:
            if carriers.setdefault(one, function) is not function:
                raise ValueError(f"two functions carry out {one}")
        return function

    return note


def carrier_of(case: Case) -> Carrier | None:
    """The function for what this case's procedure does; None where the office does it by hand (実施の照会)."""
    return carriers.get(case.asked.does)
