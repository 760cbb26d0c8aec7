"""Who acts where nobody is signed in: a payer, the provider, the clock (サインインしていない行為者)."""

from municipal.core.actors import RESIDENT, System

PAYER = System(name="payer", actor_kind=RESIDENT, actor_id=0)
"""Whoever holds a slip; the numbers on it are all that is known of them."""

PROVIDER = System(name="payment_provider")
CLOCK = System(name="checkout")
