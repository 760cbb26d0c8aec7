"""Tokens: keys with which another system reads through the API in somebody's name (APIの鍵)."""

from datetime import date, datetime, time, timedelta

from municipal.audit.operations import operation
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import Session, Staff
from municipal.identity.models.sessions import TOKEN
from municipal.identity.rules import fiscal_year_end, is_one_line

from . import sessions
from .noting import note
from .sessions import Opened


@operation("identity.issue_token")
def issue_token(*, actor: Staff, label: str, expires_on: date | None = None) -> Opened:
    """Make a token for oneself; its key is shown once (APIの鍵の発行).

    It can do what its holder may do at the moment of each request, and ends with the fiscal year at the latest.
    Raises Refused for a day that is past or later than that, and for a label that is empty or no text.
    """
    today = clock.today()
    last = expires_on or fiscal_year_end(today)
    if not label.strip() or len(label) > 60 or not is_one_line(label):
        raise Refused("鍵の名前を60文字以内で入れてください。", field="label")
    if not today <= last <= fiscal_year_end(today):
        raise Refused("鍵の期限は、今日から年度末までの日にしてください。", field="expires_on")
    ends = datetime.combine(last + timedelta(days=1), time(), clock.TOKYO)
    opened = sessions.begin(staff=actor, kind=TOKEN, label=label, passed=True, expires_at=ends)
    note(actor=actor, about=actor)
    return opened


@operation("identity.revoke_token")
def revoke_token(*, actor: Staff, token: Session) -> None:
    """End a token: the next request with it is refused (APIの鍵の取消).

    Raises Refused for somebody else's token, which ends with their account or their password.
    """
    if token.staff_id != actor.pk or token.kind != TOKEN:
        raise Refused("この鍵は取り消せません。自分の鍵だけを取り消せます。", code="forbidden")
    sessions.end_one(token)
    note(actor=actor, about=actor)
