"""The second factor: a code of six digits from an authenticator app (ワンタイムコード).

RFC 6238 with SHA-1, 30 seconds, six digits, which every app knows. One step of clock error either way is
allowed, and a code that has been used is used up.
"""

import base64
import hmac

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from municipal.audit.operations import operation
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.identity.models import Staff

from . import sessions
from .noting import note, refuse_oneself

ALLOWED_CLOCK_ERROR = 1
"""In steps of 30 seconds."""
ISSUER = "Kijun"


def _seal() -> MultiFernet:
    """The cipher of stored secrets; older installation secrets still open what they closed."""
    sources = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("kijun second factor", "seal", secret=source, algorithm="sha256") for source in sources]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key.digest())) for key in keys])


def secret_of(staff: Staff) -> str:
    """The secret as the app needs it, in base 32; empty where none is set or it can no longer be opened."""
    try:
        return _seal().decrypt(bytes(staff.second_factor_secret)).decode()
    except InvalidToken:
        return ""


def is_right_code(staff: Staff, code: str) -> bool:
    """Whether the code is good now and was not used before; a good one is used up by asking."""
    secret = secret_of(staff)
    if not secret:
        return False
    generator, now = pyotp.TOTP(secret), clock.now()
    middle = generator.timecode(now)
    typed = "".join(code.split()).encode("utf-8", "replace")
    for step in range(middle - ALLOWED_CLOCK_ERROR, middle + ALLOWED_CLOCK_ERROR + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), typed):
            # The row's own condition decides between two who come at once with the same code.
            unused = Staff.objects.filter(pk=staff.pk, second_factor_step__lt=step)
            return unused.update(second_factor_step=step) == 1
    return False


def address_for_app(staff: Staff) -> str:
    """The otpauth address that the app reads from the image; names the town and the account (二次元コードの中身)."""
    name = f"{staff.login_name}@{staff.municipality_id:06d}"
    return pyotp.TOTP(secret_of(staff)).provisioning_uri(name=name, issuer_name=ISSUER)


@operation("identity.enroll_second_factor")
def enroll_second_factor(*, actor: Staff) -> None:
    """Make a new secret for one's own account; it counts once a code has confirmed it (ワンタイムコードの設定開始).

    Raises Refused while one is confirmed: an administrator removes it first, so that somebody who finds a
    screen unlocked cannot put their own device in its place.
    """
    if actor.has_second_factor:
        raise Refused(
            "ワンタイムコードはすでに設定されています。端末を替えるときは、システム管理者に解除を頼んでください。"
        )
    actor.second_factor_secret = _seal().encrypt(pyotp.random_base32().encode())
    actor.save(update_fields=["second_factor_secret"])
    note(actor=actor, about=actor)


@operation("identity.confirm_second_factor")
def confirm_second_factor(*, actor: Staff, code: str) -> None:
    """Prove that the app knows the secret: from now on every sign-in asks for a code (ワンタイムコードの設定完了).

    Raises Refused for a wrong code.
    """
    if actor.has_second_factor or not is_right_code(actor, code):
        raise Refused(
            "数字が違います。アプリに今出ている6桁を入れてください。端末の時刻も確かめてください。", field="code"
        )
    actor.second_factor_set_at = clock.now()
    actor.save(update_fields=["second_factor_set_at"])
    note(actor=actor, about=actor)


@operation("identity.remove_second_factor")
def remove_second_factor(*, actor: Actor, staff: Staff) -> None:
    """Take the second factor away from somebody who lost the device; all their sessions end (ワンタイムコードの解除).

    Raises Refused for one's own account.
    """
    refuse_oneself(actor, staff)
    staff.second_factor_secret, staff.second_factor_set_at = b"", None
    staff.save(update_fields=["second_factor_secret", "second_factor_set_at"])
    sessions.end(staff, tokens=True)
    note(actor=actor, about=staff)
