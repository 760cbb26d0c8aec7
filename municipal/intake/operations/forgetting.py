"""What the intake lets go of when an application is forgotten (申請データの匿名化)."""

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.intake.models import Received


@operation("intake.forget")
def forget(*, actor: Actor, case: int) -> int:
    """Take who applied out of what the portal sent of a forgotten case; how many rows (受け取った申請の匿名化).

    Receipt number and digest stay: the portal may offer the same again, and it is no new application.
    """
    count = Received.objects.filter(case=case).update(person=None, serial="", error={})
    record(actor=actor, code=str(count))
    return count
