"""Switching what no standard asks for off and on (標準外機能の切替え)."""

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.identity.models import Switch
from municipal.identity.permissions import BEYOND, PERMISSIONS


@operation("identity.switch")
def switch(*, actor: Actor, permission: str, is_on: bool) -> Switch:
    """Let a permission outside the standard count in this municipality, or not (標準外機能の切替え).

    Raises Refused for a code that is none and for one that the standard asks for: what it asks for stays on.
    """
    if permission not in PERMISSIONS or PERMISSIONS[permission].clause != BEYOND:
        raise Refused("止められるのは標準外の機能だけです。画面を開き直して、選び直してください。", field="permission")
    found, _ = Switch.objects.update_or_create(
        permission=permission, defaults={"is_on": is_on, "changed_at": clock.now()}
    )
    record(actor=actor, fields=[permission], purpose="on" if is_on else "off")
    return found
