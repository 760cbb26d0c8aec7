"""Signing in, the second step, and signing out (サインイン)."""

import unicodedata
from functools import cache

from django.contrib.auth.hashers import check_password, make_password

from municipal.audit.operations import log_apart, operation
from municipal.core.actors import Actor, System
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Session, Staff
from municipal.identity.models.sessions import WEB
from municipal.identity.models.staff import ACTIVE
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from . import attempts, sessions
from .noting import note
from .second_factor import is_right_code
from .sessions import Opened

LONGEST_PASSWORD = 256
LONGEST_NAME = 64
_NOT_BEGUN = Refused("サインインの途中の時間が過ぎました。はじめからやり直してください。", code="not_signed_in")
NOBODY = System(name="nobody")
"""Whom a failed attempt is ascribed to where no account of that name exists."""


@cache
def _hash_of_nobody() -> str:
    """What a password is compared with where there is no account: the same work, and never a match."""
    return make_password("\N{NULL} no password that is checked holds this character")


def typed_name(text: str) -> str:
    """A sign-in name as stored: half-width small letters, as somebody with a Japanese keyboard may not type it."""
    return unicodedata.normalize("NFKC", text.strip()).lower()


def _account_named(name: str) -> Staff | None:
    if not 0 < len(name) <= LONGEST_NAME or not name.isascii() or not name.isprintable():
        return None
    return Staff.objects.filter(login_name=name).first()


def is_right_password(staff: Staff | None, password: str) -> bool:
    """Whether this is the password; the same time is spent whether the account exists or not."""

    def take_over(raw: str) -> None:
        """A stronger hash has become usual since this one was made."""
        if staff is not None:
            Staff.objects.filter(pk=staff.pk).update(password=make_password(raw))

    is_typable = len(password) <= LONGEST_PASSWORD and "\0" not in password and _is_text(password)
    against = staff.password if staff is not None else _hash_of_nobody()
    is_match = check_password(password if is_typable else "", against, take_over)
    return is_match and is_typable and staff is not None


def _is_text(text: str) -> bool:
    """Whether the text has no half of a character (lone surrogate), which has no bytes to hash."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@implements("resident-record/1.0#10.3/m3", "resident-record/1.0#10.3/m14")
def sign_in(
    *, town: int, login_name: str, password: str, source: str | None = None, replacing: str = ""
) -> Opened:  # fmt: skip
    """Open a session for who knows the password (サインイン).

    Opens the door of ``town`` itself, before any account is read. ``replacing`` is the key of the session the
    browser had before: it ends, and the new one shares nothing with it. A failure is counted, and logged in a
    transaction of its own. Raises Refused: one sentence for an unknown name and for a wrong password alike.
    """
    name = typed_name(login_name)
    if not Municipality.objects.filter(pk=town).exists():
        raise Refused("この自治体は選べません。一覧から選び直してください。", field="town")
    with wall.within(town):
        attempts.take_turn(name)
        staff = _account_named(name)
        outcome = _try_password(staff, name, password, source, replacing)
    if isinstance(outcome, Refused):
        log_apart(
            municipality=town, actor=staff or NOBODY, act="identity.sign_in", kind="failed_sign_in", code=outcome.code
        )
        raise outcome
    return outcome


def _try_password(
    staff: Staff | None, name: str, password: str, source: str | None, replacing: str
) -> Opened | Refused:  # fmt: skip
    """A refusal is returned, not raised: the count of failures must outlive it."""
    try:
        attempts.refuse_if_shut(name, source)
    except Refused as refused:
        return refused
    if not is_right_password(staff, password) or staff is None:
        attempts.count_failure(name, source)
        return Refused(
            "サインイン名かパスワードが違います。入力を確かめて、もう一度お試しください。", code="wrong_credentials"
        )
    if staff.state() != ACTIVE:
        return Refused(
            "このアカウントは今は使えません。利用期間をシステム管理者に確かめてください。", code="not_active"
        )
    if not staff.has_second_factor:
        attempts.forget_failures(name)
    former = sessions.find(replacing, kind=WEB)
    if former is not None:
        sessions.end_one(former)
    note(actor=staff, act="identity.sign_in", about=staff, kind="sign_in")
    return sessions.begin(staff=staff, source=source)


@implements("resident-record/1.0#10.3/m14")
def pass_second_factor(*, key: str, code: str, source: str | None = None) -> Opened:
    """Take the second step with a code of the authenticator app; the session is replaced (ワンタイムコードの確認).

    ``key`` is that of the session opened by the password. Opens the door itself, as ``sign_in`` does. Raises
    Refused; after the fifth wrong code the session ends and the door is shut for a while.
    """
    town = sessions.town_of(key)
    if town is None:
        raise _NOT_BEGUN
    with wall.within(town):
        session = sessions.find(key, kind=WEB)
        if session is None or not session.needs_second_factor:
            raise _NOT_BEGUN
        outcome = _try_code(session, code, source)
    if isinstance(outcome, Refused):
        log_apart(
            municipality=town, actor=session.staff, act="identity.pass_second_factor", kind="failed_sign_in",
            code=outcome.code,
        )  # fmt: skip
        raise outcome
    return outcome


def _try_code(session: Session, code: str, source: str | None) -> Opened | Refused:
    staff = session.staff
    attempts.take_turn(staff.login_name)
    try:
        attempts.refuse_if_shut(staff.login_name, source)
    except Refused as refused:
        sessions.end_one(session)
        return refused
    if not is_right_code(staff, code):
        attempts.count_failure(staff.login_name, source)
        return Refused(
            "数字が違うか、すでに使われています。アプリに今出ている6桁を入れてください。",
            field="code",
            code="wrong_credentials",
        )
    attempts.forget_failures(staff.login_name)
    sessions.end_one(session)
    note(actor=staff, act="identity.pass_second_factor", about=staff, kind="sign_in")
    return sessions.begin(staff=staff, source=source, passed=True)


def refuse_apart(*, town: int, staff: Staff, refused: Refused, source: str | None = None, screen: str = "") -> None:
    """Log what was refused to somebody signed in, after the door has closed (拒否の記録).

    A wrong password typed inside a session counts towards the lock like one typed at the door.
    """
    if refused.code == "wrong_credentials":
        with wall.within(town):
            attempts.count_failure(staff.login_name, source)
            note(actor=staff, act="identity.refuse", about=staff, kind="refusal", code=refused.code)
        return
    log_apart(municipality=town, actor=staff, act="identity.refuse", code=refused.code, screen=screen)


@operation("identity.sign_out")
def sign_out(*, actor: Actor, session: Session) -> None:
    """End the session for good: its key opens nothing any more (サインアウト)."""
    sessions.end_one(session)
    note(actor=actor, about=session.staff, kind="sign_out")
