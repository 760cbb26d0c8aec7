"""Opening, changing and closing accounts (アカウントの管理)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from municipal.audit.operations import operation
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.rules import is_one_line

from . import attempts, sessions
from .noting import note, refuse_oneself
from .passwords import temporary_password
from .permissions import regrant
from .signing_in import typed_name

LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)


@dataclass(frozen=True)
class Account:
    """What an administrator says about an account (アカウントの内容)."""

    login_name: str
    name: str
    kana: str = ""
    department: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


def _check(account: Account) -> str:
    """The sign-in name as it is stored. Raises Refused for what can be no account."""
    name = typed_name(account.login_name)
    if not LOGIN_NAME.fullmatch(name):
        raise Refused(
            "サインイン名は、半角の英小文字・数字・点・下線・ハイフンで、2文字以上64文字以内にしてください。",
            field="login_name",
        )
    if not account.name.strip() or not all(map(is_one_line, (account.name, account.kana, account.department))):
        raise Refused("氏名を入れてください。改行などの制御文字は使えません。", field="name")
    return name


@operation("identity.open_account")
@implements("resident-record/1.0#10.3/m1", "resident-record/1.0#10.3/m2")
def open_account(
    *, actor: Actor, account: Account, wanted: Mapping[str, date | None] | None = None
) -> tuple[Staff, str]:
    """Open an account and return it with its temporary password, shown once (アカウントの登録).

    ``wanted``: its permissions, last day by code, as for ``regrant``. It may begin on a later day: people of the
    new year are entered in advance. Raises Refused for a name that
    is taken or is none, and for days in the wrong order.
    """
    name = _check(account)
    password = temporary_password()
    staff = Staff.objects.create(
        login_name=name,
        name=account.name,
        kana=account.kana,
        department=account.department,
        password=make_password(password),
        valid_from=account.valid_from or clock.today(),
        valid_until=account.valid_until,
    )
    note(actor=actor, about=staff)
    if wanted:
        regrant(actor=actor, staff=staff, wanted=wanted)
    return staff, password


@operation("identity.save_account")
def save_account(
    *, actor: Actor, staff: Staff, account: Account, is_active: bool, wanted: Mapping[str, date | None]
) -> None:
    """All that the page of one account says, together or not at all (アカウントの保存).

    Raises Refused as ``change_account``, ``close_account`` and ``regrant`` do.
    """
    change_account(actor=actor, staff=staff, account=account)
    if is_active != staff.is_active:
        (reopen_account if is_active else close_account)(actor=actor, staff=staff)
    regrant(actor=actor, staff=staff, wanted=wanted)


@operation("identity.change_account")
@implements("resident-record/1.0#10.3/m1")
def change_account(*, actor: Actor, staff: Staff, account: Account) -> None:
    """Change what stands in an account; the validity of one's own stays as it is (アカウントの変更).

    Raises Refused as ``open_account`` does.
    """
    before = Account(staff.login_name, staff.name, staff.kana, staff.department, staff.valid_from, staff.valid_until)
    after = Account(
        _check(account), account.name, account.kana, account.department,
        account.valid_from or staff.valid_from, account.valid_until,
    )  # fmt: skip
    if (before.valid_from, before.valid_until) != (after.valid_from, after.valid_until):
        refuse_oneself(actor, staff)
    changed = [field for field, value in vars(after).items() if vars(before)[field] != value]
    for field in changed:
        setattr(staff, field, getattr(after, field))
    staff.save(update_fields=changed)
    note(actor=actor, about=staff, fields=changed)


@operation("identity.close_account")
@implements("resident-record/1.0#10.3/m1")
def close_account(*, actor: Actor, staff: Staff) -> None:
    """Close an account at once, with every session and token; it is never deleted (アカウントの停止)."""
    refuse_oneself(actor, staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    sessions.end(staff, tokens=True)
    note(actor=actor, about=staff)


@operation("identity.reopen_account")
def reopen_account(*, actor: Actor, staff: Staff) -> None:
    """Let a closed account be used again (アカウントの再開)."""
    refuse_oneself(actor, staff)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    note(actor=actor, about=staff)


@operation("identity.unlock_account")
def unlock_account(*, actor: Actor, staff: Staff) -> None:
    """Open the door again for a name that failed too often (ロックの解除)."""
    refuse_oneself(actor, staff)
    attempts.forget_failures(staff.login_name)
    note(actor=actor, about=staff)
