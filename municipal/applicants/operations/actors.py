"""Who acts before anybody is known to be who they are (サインイン前の行為者)."""

from municipal.core.actors import RESIDENT, System

HOLDER = System(name="card_holder", actor_kind=RESIDENT, actor_id=0)
"""Whoever holds a card; its PIN is all that is known of them."""

REGISTER = System(name="register")
"""The register itself, of which the certificates follow."""
