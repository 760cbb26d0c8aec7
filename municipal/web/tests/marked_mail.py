"""Where the mail of marked people went before they were protected, and one who is no resident (目印と送付先)."""

from collections.abc import Sequence

from municipal.addressees.models import Addressee
from municipal.addressees.operations import (
    DirectoryEntry,
    Redirection,
    correct_payer,
    protect,
    register_payer,
    register_recipient,
)
from municipal.core import clock
from municipal.core.actors import System
from municipal.payments.models import Assessment

CLERK = System(actor_kind="staff", actor_id=1)


def write_to(payers: Sequence[Addressee], mark: str) -> tuple[list[str], list[int], list[int]]:
    """Numbers of a marked non-resident and of ``payers``; ids of recipients and of assessments (送付先の準備)."""
    address = {"prefecture": "架空県", "city": "架空市", "block": mark, "lot": mark, "building": mark}
    entry = DirectoryEntry(kind="non_resident", name="目印　住登外", address=address)
    outside = register_payer(actor=CLERK, entry=entry)
    other = DirectoryEntry(kind="non_resident", name="目印　改名", address=address | {"lot": f"{mark}２"})
    correct_payer(actor=CLERK, addressee=outside, entry=other, reason="訂正")
    protect(actor=CLERK, addressee=outside, starts_on=clock.today(), ends_on=None, is_own=True)
    # Told before they were protected, so that nobody knows whether it is safe.
    said = Redirection(kind="other_address", name=f"{mark}様方", address=address, first_day=clock.today())
    everybody = [outside, *payers]
    rows = [register_recipient(actor=CLERK, addressee=one, said=said).pk for one in everybody]
    owed = Assessment.objects.filter(payer__in=payers).order_by("pk").values_list("pk", flat=True)
    return [one.number for one in everybody], rows, list(owed)
