"""Going through what is over its period (保存期間の見回り)."""

from collections import Counter

from municipal.core.actors import Actor

from .keeping import holds_of, over_the_period, period_of
from .operations.keeping import AT_ONCE, forget


def forget_what_is_over(*, actor: Actor, takes_unverified: bool, is_dry: bool, most: int = AT_ONCE) -> Counter[str]:
    """Go through what is over the period: how many were forgotten, how many not, and why (保存期間の見回り).

    Keys: ``forgotten`` (or would be), ``unverified``, and those of ``keeping.WHY``.
    """
    found = Counter[str]()
    for case in over_the_period():
        if found["forgotten"] >= most:
            break
        why = holds_of(case) or ([] if takes_unverified or period_of(case).is_verified else ["unverified"])
        if not why and not is_dry:
            forget(actor=actor, case=case.pk, takes_unverified=takes_unverified)
        found.update(why or ["forgotten"])
    return found
