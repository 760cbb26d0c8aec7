"""The mark of protection without a case, as it comes from another system (支援対象者の印)."""

from datetime import date

from municipal.addressees.models import Addressee, Protection
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused


@operation("addressees.protect")
def protect(*, actor: Actor, addressee: Addressee, starts_on: date, ends_on: date | None, is_own: bool) -> Protection:
    """Withhold a person's address from everybody from now on (支援措置の開始).

    ``is_own`` is false for those covered because they live with a protected person. Raises Refused if a
    protection is in force.
    """
    protection = Protection.objects.create(addressee=addressee, starts_on=starts_on, ends_on=ends_on, is_own=is_own)
    record(actor=actor, act="addressees.protect", subjects=[addressee.pk], fields=["starts_on", "ends_on"])
    return protection


@operation("addressees.lift_protection")
def lift_protection(*, actor: Actor, addressee: Addressee, lifted_on: date) -> None:
    """End a protection; nothing else does (支援措置の終了; resident-record/1.0#3.1). Raises Refused if none is."""
    lifted = Protection.objects.filter(addressee=addressee, measure__isnull=True, lifted_on__isnull=True).update(
        lifted_on=lifted_on
    )
    if not lifted:
        raise Refused("この方には解除できる支援措置がありません。登録の状況を確認してください。", code="not_protected")
    record(actor=actor, act="addressees.lift_protection", subjects=[addressee.pk], fields=["lifted_on"])
