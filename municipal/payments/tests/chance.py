"""Which of the possible trials: counts and seeds from the environment, shown when something fails (試験の乱数)."""

import os
import random


def chosen_seed() -> int:
    """``KIJUN_MONEY_SEED``, or a new one; it is printed."""
    found = int(os.environ.get("KIJUN_MONEY_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
    print(f"KIJUN_MONEY_SEED={found}")  # noqa: T201 (shown when it fails)
    return found


def chosen_count(name: str, usual: int) -> int:
    """How often, by the variable of that name."""
    return int(os.environ.get(name, str(usual)))
