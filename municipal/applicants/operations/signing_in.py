"""An applicant's session: opened for whom a provider vouches for, found by its key, ended (申請者のサインイン)."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from municipal.applicants.facts import Facts, the_one
from municipal.applicants.issuer import digest
from municipal.applicants.models import Applicant, ApplicantSession
from municipal.audit.operations import log_apart, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .actors import HOLDER

KEY = re.compile(r"([0-9]{6})\.([A-Za-z0-9_-]{43})", re.ASCII)
PRECISION, KEPT_AFTER_END = timedelta(minutes=1), timedelta(days=90)
CLOSED = Refused("このアカウントは使えません。窓口でご相談ください。", code="not_active")


@dataclass(frozen=True)
class Opened:
    """A session just opened, and its key, which exists nowhere else (開かれたセッション)."""

    session: ApplicantSession
    key: str


@operation("applicants.sign_in")
def sign_in(*, actor: Actor, issuer: str, subject: str, facts: Facts, replacing: str = "") -> Opened:
    """Open a session for whom a provider vouches for, and link the account to the one resident who fits (サインイン).

    ``replacing``: the key that the browser held before; it ends. Nobody fits or several do: the account stays without
    a resident, and is told no more than that. Raises Refused for somebody whom the register has dead.
    """
    account, _ = Applicant.objects.get_or_create(issuer=issuer, subject=subject)
    found = Applicant.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
    if found.person is None:
        _link(found, facts)
    if found.is_dead:
        raise CLOSED
    former = find(replacing)
    if former is not None:
        _end(former)
    now, key = clock.now(), f"{wall.current():06d}.{secrets.token_urlsafe(32)}"
    session = ApplicantSession.objects.create(
        applicant=found, name=facts.name[:200], secret_hash=digest(key), started_at=now, last_seen_at=now,
        expires_at=now + timedelta(hours=settings.KIJUN_SESSION_HOURS),
    )  # fmt: skip
    record(actor=found, subjects=_subjects(found), kind="sign_in")
    return Opened(session, key)


def note_failure(*, town: int, refused: Refused) -> None:
    """Log a sign-in that was refused, after its transaction ended (サインインの失敗)."""
    log_apart(municipality=town, actor=HOLDER, act="applicants.sign_in", kind="failed_sign_in", code=refused.code)


def town_of(key: str) -> int | None:
    """The municipality that a key names; None for what is no key (鍵の自治体)."""
    found = KEY.fullmatch(key)
    return int(found[1]) if found else None


def find(key: str) -> ApplicantSession | None:
    """The open session of this key in the open municipality, with its applicant (セッションの照会)."""
    if town_of(key) != wall.current():
        return None
    rows = ApplicantSession.objects.select_related("applicant__person")
    found = rows.filter(secret_hash=digest(key), ended_at=None).first()
    return found if found is not None and found.is_open(clock.now()) else None


def see(session: ApplicantSession) -> None:
    """Note that the session is in use, at most once a minute (操作の記録)."""
    now = clock.now()
    if now - session.last_seen_at >= PRECISION:
        ApplicantSession.objects.filter(pk=session.pk).update(last_seen_at=now)


@operation("applicants.sign_out")
def sign_out(*, actor: Actor, session: ApplicantSession) -> None:
    """End the session for good, and forget the name that it held (サインアウト)."""
    _end(session)
    record(actor=actor, subjects=_subjects(session.applicant), kind="sign_out")


@operation("applicants.forget_sessions")
def forget_sessions(*, actor: Actor) -> int:
    """Remove sessions that ended or ran out ninety days ago; how many (古いセッションの削除)."""
    before = clock.now() - KEPT_AFTER_END
    old = ApplicantSession.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before))
    count, _ = old.delete()
    record(actor=actor, code=str(count))
    return count


def _end(session: ApplicantSession) -> None:
    ApplicantSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=clock.now(), name="")


def _link(account: Applicant, facts: Facts) -> None:
    """A resident who has an account already stays with it; that there is one is not said either."""
    person = the_one(facts)
    if person is None:
        return
    account.person, account.linked_at = person, clock.now()
    try:
        with transaction.atomic():
            account.save(update_fields=["person", "linked_at"])
    except IntegrityError:
        account.person, account.linked_at = None, None
        return
    record(
        actor=account, act="applicants.link", subjects=[person.pk], fields=["name", "born_on", "sex", "address"]
    )  # fmt: skip


def _subjects(account: Applicant) -> list[int]:
    return [account.person_id] if account.person_id else []
