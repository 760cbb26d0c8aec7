"""Permissions of many people at once, by person or by department, now or for a later day (権限の一括保守; #10.3)."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.identity.models import Grant, Staff
from municipal.identity.permissions import PERMISSIONS

from .permissions import grant, last_day, revoke

COLUMNS = ("対象", "権限", "処理", "開始日", "終了日")
DEPARTMENT = "所属:"
GIVE, TAKE = "付与", "取消"
MOST = 5_000


@dataclass(frozen=True)
class Wish:
    """One line: for whom, which permission, given or taken, from when until when (一括保守の一行)."""

    line: int
    whom: str
    permission: str
    gives: bool
    starts_on: date | None
    ends_on: date | None


def read_wishes(text: str) -> list[Wish]:
    """The lines of a CSV with the columns 対象, 権限, 処理, 開始日, 終了日 (一括保守の読取り).

    対象 is a sign-in name or 所属: and a department; 権限 a code or a name. Raises Refused with the line's number.
    """
    try:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
        names, lines = tuple(reader.fieldnames or ()), list(reader)
    except csv.Error:
        raise Refused("CSVとして読めません。引用符の閉じ忘れを確かめてください。", field="rows", code="csv") from None
    if names != COLUMNS:
        raise Refused("1行目は「対象,権限,処理,開始日,終了日」にしてください。", field="rows", code="columns")
    codes = {one.name: one.code for one in PERMISSIONS.values()} | {code: code for code in PERMISSIONS}
    found = []
    for line, row in enumerate(lines, 2):
        said = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if said["権限"] not in codes or said["処理"] not in (GIVE, TAKE) or not said["対象"] or None in row:
            raise _bad(line, _("対象・権限・処理のどれかが読み取れません。"))
        try:
            days = [parse_day(said[name]) if said[name] else None for name in ("開始日", "終了日")]
        except Refused as refused:
            raise _bad(line, str(refused)) from refused
        found.append(Wish(line, said["対象"], codes[said["権限"]], said["処理"] == GIVE, days[0], days[1]))
    if not 0 < len(found) <= MOST:
        raise Refused("1行から5,000行までで入れてください。", field="rows", code="rows")
    return found


def _bad(line: int, why: object) -> Refused:
    return Refused("%(line)d行目: %(why)s", field="rows", code="row", line=line, why=why)


@operation("identity.maintain_permissions")
@implements("resident-record/1.0#10.3/m5", "resident-record/1.0#10.3/m12", "resident-record/1.0#10.3/m7")
def maintain_permissions(*, actor: Actor, wishes: list[Wish]) -> int:
    """Carry out every line, or none; how many grants were given or taken (権限の一括保守).

    A department means everybody who belongs to it today and whose account is not closed. Who holds the permission
    already on those days is left alone. Raises Refused with the number of the line that cannot be.
    """
    done = 0
    for wish in wishes:
        people = _people(wish.whom)
        if not people:
            raise _bad(wish.line, _("この対象の職員はいません。"))
        for staff in people:
            try:
                done += _give(actor, staff, wish) if wish.gives else _take(actor, staff, wish)
            except Refused as refused:
                raise _bad(wish.line, str(refused)) from refused
    record(actor=actor, code=str(done))
    return done


def _people(whom: str) -> list[Staff]:
    if whom.startswith(DEPARTMENT):
        return list(Staff.objects.filter(department=whom.removeprefix(DEPARTMENT), is_active=True))
    return list(Staff.objects.filter(login_name=whom))


def _give(actor: Actor, staff: Staff, wish: Wish) -> int:
    first = wish.starts_on or clock.today()
    held = Grant.objects.filter(staff=staff, permission=wish.permission, revoked_at=None, valid__contains=first)
    if held.exists():
        return 0
    grant(
        actor=actor, staff=staff, permission=wish.permission, starts_on=wish.starts_on, expires_on=wish.ends_on,
        reason="一括保守",
    )  # fmt: skip
    return 1


def _take(actor: Actor, staff: Staff, wish: Wish) -> int:
    day = wish.starts_on or clock.today()
    held = list(Grant.objects.filter(staff=staff, permission=wish.permission, revoked_at=None, valid__contains=day))
    for one in held:
        revoke(actor=actor, grant=one)
    return len(held)


@implements("resident-record/1.0#10.3/m10")
def matrix(day: date | None = None) -> list[list[str]]:
    """Who may do what: a line a person, a column a permission, the last day where it is held (操作権限一覧表)."""
    on = day or clock.today()
    held: dict[tuple[int, str], str] = {}
    for given in Grant.objects.filter(revoked_at=None, valid__contains=on):
        held[given.staff_id, given.permission] = last_day(given).isoformat()
    head = ["サインイン名", "氏名", "所属", "状態", *PERMISSIONS]
    rows = [head]
    for one in Staff.objects.all():
        until = [held.get((one.pk, code), "") for code in PERMISSIONS]
        rows.append([one.login_name, one.name, one.department, one.state(on), *until])
    return rows
