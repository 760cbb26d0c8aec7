"""Who acts where nobody is signed in (サインインしていない行為者)."""

from municipal.core.actors import RESIDENT, System

APPLICANT = System(name="applicant", actor_kind=RESIDENT, actor_id=0)
"""Whoever holds the draft or the code of a case; nothing more is known of them."""
