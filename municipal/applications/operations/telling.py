"""E-mail addresses of applicants, mails handed over, letters posted (お知らせの操作)."""

from datetime import timedelta
from hashlib import sha256
from secrets import compare_digest, randbelow
from smtplib import SMTPRecipientsRefused

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from municipal.applicants.models import Applicant
from municipal.applications.models import MailAddress, Telling, Way
from municipal.applications.telling_applicants import CODE_BODY, CODE_SUBJECT, address_of, is_mail_on, mail_of, written
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

MINUTES, MOST_TRIES = 30, 5
NO_MAIL = _("この市町村は、メールでのお知らせを行っていません。")
NO_ADDRESS = _("メールアドレスを確かめてください。")
WRONG_CODE = _("確認番号が違うか、期限が過ぎています。")
NOT_SENT = _("メールを送れませんでした。アドレスを確かめて、もう一度試してください。")
GONE = _("このお知らせは、すでに処理されています。")
TOO_SOON = _("確認番号を送ったばかりです。しばらく待ってから、もう一度登録してください。")


def _hashed(code: str) -> str:
    return sha256(code.encode()).hexdigest()


@operation("applications.give_mail_address")
def give_address(*, actor: Actor, account: Applicant, address: str) -> MailAddress:
    """Note an address in place of the former one, and send a code there (メールアドレスの登録).

    Raises Refused where no mail is sent here, for what is no address, and within a minute of the last code.
    """
    if not is_mail_on():
        raise Refused(NO_MAIL, code="no_mail")
    plain, now = address.strip(), clock.now()
    try:
        validate_email(plain)
    except ValidationError:
        raise Refused(NO_ADDRESS, field="address", code="no_address") from None
    if len(plain) > 254 or not plain.isascii():
        raise Refused(NO_ADDRESS, field="address", code="no_address")
    Applicant.objects.select_for_update().get(pk=account.pk)
    former = MailAddress.objects.filter(account=account).first()
    if former is not None and former.given_at > now - timedelta(minutes=1):
        raise Refused(TOO_SOON, field="address", code="too_soon")
    code = f"{randbelow(100_000_000):08d}"
    MailAddress.objects.filter(account=account).delete()
    made = MailAddress.objects.create(
        account=account,
        address=plain,
        code_hash=_hashed(code),
        given_at=now,
        expires_at=now + timedelta(minutes=MINUTES),
    )
    town = Municipality.objects.get(pk=wall.current())
    try:
        written(town, plain, gettext(CODE_SUBJECT), f"{gettext(CODE_BODY)}\n\n{code}", f"code-{made.pk}").send()
    except OSError:
        raise Refused(NOT_SENT, field="address", code="not_sent") from None
    record(actor=actor, fields=["mail_address"])
    return made


@operation("applications.confirm_mail_address")
def confirm_address(*, actor: Actor, account: Applicant, code: str) -> bool:
    """Whether the code was right: only then mails go to the address (メールアドレスの確認).

    A wrong code counts and is no refusal, so that it stays counted; after five the code is void.
    """
    found, now = MailAddress.objects.select_for_update().filter(account=account).first(), clock.now()
    is_good = False
    if found is not None and found.confirmed_at is None and now < found.expires_at and found.tries < MOST_TRIES:
        is_good = compare_digest(found.code_hash, _hashed("".join(one for one in code if one.isdecimal())))
        found.tries, found.confirmed_at = found.tries + (not is_good), now if is_good else None
        found.save(update_fields=["tries", "confirmed_at"])
    record(actor=actor, code="confirmed" if is_good or (found and found.confirmed_at) else "wrong_code")
    return is_good or bool(found and found.confirmed_at)


@operation("applications.drop_mail_address")
def drop_address(*, actor: Actor, account: Applicant) -> None:
    """Forget the address; from then on letters are written (メールアドレスの削除)."""
    MailAddress.objects.filter(account=account).delete()
    record(actor=actor, fields=["mail_address"])


def waiting_mails() -> bool:
    """Whether any mail waits (送信待ちの有無)."""
    return Telling.objects.filter(way=Way.MAIL, done_at=None).exists()


@operation("applications.send_mail")
def send_next(*, actor: Actor) -> bool:
    """Hand the oldest waiting mail over; False where none waits (メールの送信).

    The row is locked until it is noted: two workers never send one mail. Without an address by now, or where the
    address is refused, it becomes a letter. Raises OSError while the mail server is away: then all of them wait.
    """
    found = (
        Telling.objects.select_for_update(skip_locked=True).filter(way=Way.MAIL, done_at=None).order_by("pk").first()
    )
    if found is not None:
        to = address_of(found.case)
        is_taken = to is not None and _is_taken(mail_of(found, to))
        found.way, found.done_at = (Way.MAIL, clock.now()) if is_taken else (Way.LETTER, None)
        found.save(update_fields=["way", "done_at"])
    record(actor=actor, code=found.way if found else "none")
    return found is not None


def _is_taken(mail: EmailMessage) -> bool:
    try:
        mail.send()
    except SMTPRecipientsRefused:
        return False
    return True


@operation("applications.post_letter")
def note_posted(*, actor: Actor, telling: int) -> Telling:
    """Note that a letter was posted, or that none is needed; once (発送の記録). Raises Refused for another's press."""
    found = Telling.objects.select_for_update().filter(pk=telling, way=Way.LETTER, done_at=None).first()
    if found is None:
        raise Refused(GONE, code="gone")
    found.done_at, found.done_by = clock.now(), actor.actor_id
    found.save(update_fields=["done_at", "done_by"])
    record(actor=actor, code=found.case.number)
    return found
