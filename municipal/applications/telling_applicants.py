"""Who is told that there is something new, by mail or by letter (申請者へのお知らせ).

The mail says that there is something to look at, and nothing of whom or what.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office.models import OutboxEvent

from .models import Case, Channel, MailAddress, Message, Side, Telling, Way
from .paper import has_notice
from .rules.steps import outward
from .standing import may_act

WRITTEN = "applications.written"
SUBJECT = _("申請についてのお知らせがあります")
BODY = _("申請について、新しいお知らせがあります。私のページを開いて、確かめてください。")
CODE_SUBJECT = _("メールアドレスの確認番号")
CODE_BODY = _("私のページで、次の確認番号を入れてください。30分のあいだ使えます。")
NO_REPLY = _("このメールに返信しても、役所には届きません。")


def is_mail_on() -> bool:
    """Whether this installation sends e-mail at all (メールを使うか)."""
    return bool(settings.KIJUN_MAIL_FROM)


def address_of(case: Case) -> MailAddress | None:
    """The confirmed address of who applied, while they may still act in the case (確認済みのアドレス)."""
    if not is_mail_on() or case.channel != Channel.ONLINE or case.account is None:
        return None
    if not may_act(case.account, case.about, case.procedure):
        return None
    return MailAddress.objects.filter(account=case.account, confirmed_at__isnull=False).first()


def tell_of_step(event: OutboxEvent) -> Telling | None:
    """Note that a step is to be told, where the applicant reads a new word for it; twice is once (状態のお知らせ).

    A letter is only for what has a notice. The national portal is told by other means.
    """
    case = Case.objects.get(pk=event.payload["case"])
    step = case.events.get(number=event.payload["step"])
    words = outward()
    before = words.get((case.workflow, step.state_from))
    is_news = step.number > 1 and (before is None or before[0] != words[case.workflow, step.state_to][0])
    if not is_news or case.channel == Channel.NATIONAL or case.forgotten_at is not None:
        return None
    if address_of(case) is None and (case.state != step.state_to or not has_notice(case)):
        return None
    return _noted(case, f"step:{step.number}")


def tell_of_message(event: OutboxEvent) -> Telling | None:
    """Note that a message of the office is to be told (メッセージのお知らせ)."""
    case = Case.objects.get(pk=event.payload["case"])
    if event.payload["side"] != Side.OFFICE.value or case.channel == Channel.NATIONAL or case.forgotten_at is not None:
        return None
    return _noted(case, f"message:{event.payload['message']}")


def _noted(case: Case, what: str) -> Telling:
    way = Way.MAIL if address_of(case) is not None else Way.LETTER
    made, _is_new = Telling.objects.get_or_create(
        case=case, what=what, defaults={"way": way, "made_at": clock.now()}
    )  # fmt: skip
    return made


def message_of(telling: Telling) -> Message | None:
    """The message that a telling is about; None for a step (お知らせするメッセージ)."""
    kind, _colon, number = telling.what.partition(":")
    return telling.case.messages.filter(number=int(number)).first() if kind == "message" else None


def mail_of(telling: Telling, to: MailAddress) -> EmailMessage:
    """The mail: no name, no number, no procedure. Sent again after a fault it has the same id (メールの作成)."""
    town = Municipality.objects.get(pk=wall.current())
    with override(telling.case.language):
        return written(town, to.address, gettext(SUBJECT), gettext(BODY), f"telling-{telling.pk}")


def written(town: Municipality, to: str, subject: str, body: str, name: str) -> EmailMessage:
    """A mail from the town to one address (メールの本体)."""
    where = f"{settings.KIJUN_PAGES}/me/{town.code}" if settings.KIJUN_PAGES else ""
    lines = [body, where, gettext(NO_REPLY), town.name]
    headers = {"Message-ID": f"<{name}.{town.code}@{settings.KIJUN_MAIL_FROM.rpartition('@')[2]}>"}
    return EmailMessage(subject, "\n\n".join(filter(None, lines)), settings.KIJUN_MAIL_FROM, [to], headers=headers)
