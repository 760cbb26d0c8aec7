"""The acts of a life, as the law lists them: each says what would change (異動; Act articles 22 to 25, chapter 4)."""

from . import (  # noqa: F401  (importing registers the acts)
    cancellations,
    corrections,
    ex_officio,
    family,
    foreigners,
    households,
    lives,
    moves,
    names,
    nationality,
    numbers,
    remaking,
    special_moves,
)
from .plan import Act, Alert, Change, Plan, acts, unconfirmed

__all__ = ["Act", "Alert", "Change", "Plan", "acts", "unconfirmed"]
