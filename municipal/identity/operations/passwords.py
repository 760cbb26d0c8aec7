"""Changing one's own password, and giving somebody a temporary one (パスワード)."""

import secrets
from typing import Any, cast

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Session, Staff
from municipal.identity.rules import is_one_line

from . import attempts, sessions
from .noting import note, refuse_oneself
from .signing_in import LONGEST_PASSWORD, is_right_password

# No letter or digit that is mistaken for another when read aloud or from paper.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
# By the codes of the framework's validators, whose own sentences are in English only.
_REASONS = {
    "password_too_short": _("パスワードが短すぎます。12文字以上にしてください。"),
    "password_too_similar": _("パスワードがサインイン名や氏名に似すぎています。別のものにしてください。"),
    "password_too_common": _("よく使われるパスワードなので、推測されます。別のものにしてください。"),
    "password_entirely_numeric": _("数字だけのパスワードは使えません。文字を混ぜてください。"),
}


def temporary_password() -> str:
    """Sixteen clear characters in groups of four, about 79 bits of chance (仮パスワード)."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def check_new_password(staff: Staff, password: str) -> None:
    """Raise Refused, with the first reason, for a password that is too easy or no text."""
    if len(password) > LONGEST_PASSWORD or not is_one_line(password):
        raise Refused(
            "パスワードは%(longest)s文字以内で、改行などの制御文字を含めずに入れてください。",
            field="new_password1",
            longest=LONGEST_PASSWORD,
        )
    try:
        validate_password(password, cast(Any, staff))
    except ValidationError as error:
        raise Refused(_REASONS[error.error_list[0].code or ""], field="new_password1") from error


@operation("identity.change_password")
@implements("resident-record/1.0#10.3/m3")
def change_password(*, actor: Staff, old: str, new: str, session: Session | None = None) -> None:
    """Replace one's own password; every other session of the account ends (パスワードの変更).

    Raises Refused with ``field`` old_password or new_password1. A wrong old password is
    counted by ``refuse_apart``, since what is counted here would be rolled back with the refusal.
    """
    attempts.refuse_if_shut(actor.login_name, None)
    if not is_right_password(actor, old):
        raise Refused(
            "今のパスワードが違います。入力を確かめてください。", field="old_password", code="wrong_credentials"
        )
    if new == old:
        raise Refused("今と同じパスワードには変えられません。別のものにしてください。", field="new_password1")
    check_new_password(actor, new)
    actor.password, actor.must_change_password = make_password(new), False
    actor.save(update_fields=["password", "must_change_password"])
    sessions.end(actor, besides=session)
    note(actor=actor, about=actor, fields=["password"])


@operation("identity.reset_password")
@implements("resident-record/1.0#10.3/m3")
def reset_password(*, actor: Actor, staff: Staff) -> str:
    """Give a temporary password, to be changed at the next sign-in; every session ends (パスワードの初期化).

    The password is returned once and kept nowhere. Raises Refused for one's own account.
    """
    refuse_oneself(actor, staff)
    password = temporary_password()
    staff.password, staff.must_change_password = make_password(password), True
    staff.save(update_fields=["password", "must_change_password"])
    attempts.forget_failures(staff.login_name)
    sessions.end(staff, tokens=True)
    note(actor=actor, about=staff, fields=["password"])
    return password
