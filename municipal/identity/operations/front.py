"""Signing in through a front that has checked who it is (シングルサインオン; #10.3)."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.crypto import constant_time_compare

from municipal.audit.operations import log_apart
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.models.sessions import WEB
from municipal.identity.models.staff import ACTIVE
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from . import sessions
from .noting import note
from .sessions import Opened
from .signing_in import NOBODY, typed_name


def is_offered() -> bool:
    """Whether this installation has such a front, header and secret both (利用の有無)."""
    return bool(settings.KIJUN_SSO_HEADER and len(settings.KIJUN_SSO_SECRET) >= 32)


@implements("resident-record/1.0#10.3/m4")
def sign_in_by_front(
    *, town: int, login_name: str, secret: str, source: str | None = None, replacing: str = ""
) -> Opened:  # fmt: skip
    """Open a session for whom the front names; the front asked for the second factor (シングルサインオン).

    A temporary password that was never used opens nothing any more until an administrator gives another. Raises
    Refused where the front does not prove itself, and for an account that is not there or cannot be used: one sentence
    for all of these.
    """
    refused = Refused("シングルサインオンでは入れません。システム管理者に確かめてください。", code="wrong_credentials")
    if not is_offered() or not constant_time_compare(secret.encode(), settings.KIJUN_SSO_SECRET.encode()):
        raise refused
    if not Municipality.objects.filter(pk=town).exists():
        raise refused
    with wall.within(town):
        staff = Staff.objects.filter(login_name=typed_name(login_name)).first() if len(login_name) <= 64 else None
        opened = _open(staff, source, replacing) if staff is not None and staff.state() == ACTIVE else None
    if opened is None:
        log_apart(municipality=town, actor=staff or NOBODY, act="identity.sign_in", kind="failed_sign_in", code="front")
        raise refused
    return opened


def _open(staff: Staff, source: str | None, replacing: str) -> Opened:
    if staff.must_change_password:
        Staff.objects.filter(pk=staff.pk).update(password=make_password(None), must_change_password=False)
    former = sessions.find(replacing, kind=WEB)
    if former is not None:
        sessions.end_one(former)
    note(actor=staff, act="identity.sign_in", about=staff, kind="sign_in", code="front")
    return sessions.begin(staff=staff, source=source, passed=True)
