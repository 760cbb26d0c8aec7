"""How a version follows the one before: that is closed, the next begins at the same moment (版の更新)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.entitlements.models import Cause, Entitlement

CHANGED = _("ほかの人が先に記録しました。画面を開き直してください。")
NOT_FOUND = _("この受給資格は見つかりません。番号を確かめてください。")
_TICK = timedelta(microseconds=1)
SAME = (
    "number", "person_id", "about_id", "kind", "procedure", "name", "lasts", "state", "valid", "amount_yen", "per",
    "amount_from", "file_id", "decided_in", "decided_on",
)  # fmt: skip


def locked(number: str, seen: int = 0) -> Entitlement:
    """The version that holds, nobody else's for now; ``seen``: its number as it was shown. Raises Refused (確保)."""
    found = Entitlement.objects.select_for_update().filter(number=number, recorded__endswith__isnull=True).first()
    if found is None:
        raise Refused(NOT_FOUND, code="no_entitlement")
    if seen and found.version != seen:
        raise Refused(CHANGED, code="entitlement_changed")
    return found


def begun(**said: Any) -> Entitlement:
    """The first version of a new entitlement, not saved (最初の版)."""
    return Entitlement(version=1, cause=Cause.DECIDED, recorded=_since(clock.now()), **said)


def followed(former: Entitlement, *, cause: Cause, reason: str = "", **changes: Any) -> Entitlement:
    """Close ``former``, which the caller has locked, and write the next version (次の版)."""
    at = max(clock.now(), former.recorded.lower + _TICK)
    former.recorded = DateTimeTZRange(former.recorded.lower, at)
    former.save(update_fields=["recorded"])
    said = {name: getattr(former, name) for name in SAME} | changes
    return Entitlement.objects.create(
        **said, version=former.version + 1, cause=cause, reason=reason[:300], recorded=_since(at)
    )  # fmt: skip


def _since(at: datetime) -> DateTimeTZRange:
    return DateTimeTZRange(at, None)
