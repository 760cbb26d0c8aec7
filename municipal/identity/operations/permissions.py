"""Giving and taking permissions, person by person (権限の付与と取消)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from municipal.audit.operations import operation
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Grant, Staff
from municipal.identity.permissions import ITEMS, PERMISSIONS
from municipal.identity.rules import fiscal_year_end, is_one_line

from .noting import note, refuse_oneself


@operation("identity.grant")
@implements("resident-record/1.0#10.3/m6", "resident-record/1.0#10.3/m8", "resident-record/1.0#10.3/m7")
def grant(
    *, actor: Actor, staff: Staff, permission: str, starts_on: date | None = None, expires_on: date | None = None,
    reason: str = "",
) -> Grant:  # fmt: skip
    """Give one permission to one person, from today to the end of the fiscal year if no days are named (権限の付与).

    Both days count. ``starts_on`` may lie ahead. Raises Refused for an unknown code, one's own account, a past
    start, an end before the start, and a span that overlaps another of the same permission.
    """
    refuse_oneself(actor, staff)
    _refuse_unless_may_set(actor, permission)
    first = starts_on or clock.today()
    last = expires_on or fiscal_year_end(first)
    if permission not in PERMISSIONS:
        raise Refused("この権限はありません。画面を開き直して、選び直してください。", field="permission")
    if first < clock.today():
        raise Refused("権限は過去の日にさかのぼって与えられません。開始日を直してください。", field="starts_on")
    if last < first:
        raise Refused("権限の期限が開始日より前になっています。日付を確かめてください。", field="expires_on")
    if not is_one_line(reason):
        raise Refused("理由に改行などの制御文字は使えません。", field="reason")
    made = Grant.objects.create(
        staff=staff,
        permission=permission,
        valid=DateRange(first, last + timedelta(days=1)),
        reason=reason,
        granted_by=actor if isinstance(actor, Staff) else None,
    )
    note(actor=actor, about=staff, fields=[permission])
    return made


@implements("resident-record/1.0#10.3/m11")
def _refuse_unless_may_set(actor: Actor, permission: str) -> None:
    """What items somebody is shown is set by whoever may set that (#10.4), apart from what they may do (#10.3)."""
    is_item = permission in PERMISSIONS and PERMISSIONS[permission].group == ITEMS
    if is_item and isinstance(actor, Staff) and not actor.may("staff.items"):
        raise Refused(
            "項目の表示を変えるには、「項目の表示の設定」の権限が必要です。", field="permission", code="forbidden"
        )


@operation("identity.revoke")
@implements("resident-record/1.0#10.3/m6")
def revoke(*, actor: Actor, grant: Grant) -> None:
    """Take a permission away: the person's next request no longer has it (権限の取消).

    Raises Refused for one's own account and for a grant that was revoked before.
    """
    refuse_oneself(actor, grant.staff)
    _refuse_unless_may_set(actor, grant.permission)
    by = actor if isinstance(actor, Staff) else None
    open_one = Grant.objects.filter(pk=grant.pk, revoked_at=None)
    if not open_one.update(revoked_at=clock.now(), revoked_by=by):
        raise Refused("この権限はすでに取り消されています。画面を開き直してください。", code="conflict")
    note(actor=actor, about=grant.staff, fields=[grant.permission])


@operation("identity.regrant")
@implements("resident-record/1.0#10.3/m8")
def regrant(*, actor: Actor, staff: Staff, wanted: Mapping[str, date | None]) -> None:
    """Bring what a person holds today to ``wanted``: last day by permission code (権限の一括変更).

    None for a day is the end of the fiscal year. What is held already until that day is left alone; grants that
    begin later are not touched. Raises Refused as ``grant`` and ``revoke`` do.
    """
    today = clock.today()
    held = {found.permission: found for found in current_grants(staff, today)}
    for code, found in held.items():
        if code not in wanted or (wanted[code] or fiscal_year_end(today)) != last_day(found):
            revoke(actor=actor, grant=found)
    for code, day in wanted.items():
        if code not in held or (day or fiscal_year_end(today)) != last_day(held[code]):
            grant(actor=actor, staff=staff, permission=code, expires_on=day)
    note(actor=actor, about=staff)


def current_grants(staff: Staff, day: date) -> list[Grant]:
    """The grants in force on that day, in the order in which they were given (有効な付与)."""
    return list(Grant.objects.filter(staff=staff, revoked_at=None, valid__contains=day).select_related("staff"))


def last_day(grant: Grant) -> date:
    """The last day on which the grant is in force (最終日)."""
    upper: date = grant.valid.upper
    return upper - timedelta(days=1)
