"""What the audit keeps of an act upon an account (職員に関する記録)."""

from collections.abc import Sequence

from municipal.audit.operations import record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.identity.models import Staff


def note(
    *, actor: Actor, about: Staff, act: str = "", fields: Sequence[str] = (), kind: str = "operation", code: str = ""
) -> None:
    """Queue the entry. An entry's subjects are residents, so the account is named in the purpose, by its number.

    ``act`` is by default the surrounding operation's.
    """
    record(actor=actor, act=act, fields=tuple(fields), purpose=f"職員 {about.pk}", kind=kind, code=code)


def refuse_oneself(actor: Actor, staff: Staff) -> None:
    """Nobody widens their own rights or opens their own account again; somebody else must do it."""
    if (actor.actor_kind, actor.actor_id) == (staff.actor_kind, staff.actor_id):
        raise Refused(
            "自分のアカウントや権限は、自分では変えられません。ほかの管理者に頼んでください。", code="forbidden"
        )
