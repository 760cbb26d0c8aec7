"""Writing an application before it is submitted (下書きの操作)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant
from municipal.applications.keys import is_same, new_token, token_digest
from municipal.applications.models import Attachment, Bundle, Case, Channel, Draft
from municipal.applications.rules.answers import Answers, People
from municipal.applications.rules.applicant import asked_of_applicant
from municipal.applications.rules.attachments import MOST_FILES, kind_of, name_of
from municipal.applications.standing import (
    DISCLOSED,
    SIGN_IN_AGAIN,
    account_of,
    concerned,
    is_theirs,
    person_of,
    refuse_if_ended,
)  # fmt: skip
from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import entry_of
from municipal.procedures.offered import current

KEPT_FOR = timedelta(days=30)
SWEPT_AT_ONCE = 100
NOT_ONLINE = _("この手続は、オンラインで申請できません。")
NO_DRAFT = _("この下書きは見つからないか、保存の期限（30日）を過ぎています。はじめから申請してください。")
SENT_ALREADY = _("この申請はすでに提出されています。")
TOO_MANY_FILES = _("添付は全部で%(most)s個までです。いらないものを消してください。")
INFECTED = _("このファイルは受け取れません（ウイルスの検査）。別のファイルを選んでください。")


@dataclass(frozen=True)
class Begun:
    """A draft, and the secret that only the writer's browser gets (下書きとその鍵)."""

    draft: Draft
    token: str


@operation("applications.begin")
def begin(
    *, actor: Actor, procedure: str, language: str, account: Applicant | None = None, about: Addressee | None = None,
    channel: str = Channel.ONLINE, bundle: Bundle | None = None,
) -> Begun:  # fmt: skip
    """Begin to write an application for what is offered now; drafts that expired are swept away (下書きの開始).

    ``account``: who is signed in, by default the actor where that is an applicant; ``about``: the person of the
    register whom it concerns, by default themselves. At the counter and on paper staff has checked who applies.
    Raises Refused for a guest where the procedure needs a card, and for whoever may not act for ``about``.
    """
    content = current(procedure)
    if content is None or content["kind"] != "online":
        raise Refused(NOT_ONLINE, code="not_online")
    token, now, entry, whose = new_token(), clock.now(), entry_of(content), account_of(actor, account)
    whom = concerned(entry, whose, about, channel)
    _sweep()
    made = Draft.objects.create(
        token_digest=token_digest(token), procedure=entry.id, version=entry.version, entry=content, language=language,
        account=whose, about=whom, channel=channel, bundle=bundle,
        created_at=now, changed_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    record(actor=actor, subjects=[whom.pk] if whom else [], code=procedure)
    _tell(made)
    return Begun(made, token)


def _tell(draft: Draft) -> None:
    """Who applies is shown on every page what the register says of them: noted once for the draft."""
    person = person_of(draft)
    if draft.channel == Channel.ONLINE and draft.account is not None and person is not None:
        disclose(actor=draft.account, act="applications.tell", subjects=[person.pk], fields=DISCLOSED)


@operation("applications.adopt")
def adopt(*, actor: Applicant, draft: UUID, token: str) -> Draft:
    """Whoever began as a guest and then signed in takes the draft over; what was written stays (下書きの引継ぎ)."""
    found = draft_of(draft, token, is_for_change=True)
    refuse_unless_theirs(found, actor)
    if found.account_id is None and found.channel == Channel.ONLINE:
        found.account, found.about, found.changed_at = actor, actor.person, clock.now()
        found.save(update_fields=["account", "about", "changed_at"])
        record(actor=actor, subjects=[actor.person_id] if actor.person_id else [], code=found.procedure)
        _tell(found)
    else:
        record(actor=actor, code="again")
    return found


@operation("applications.resume")
def resume(*, actor: Applicant, draft: UUID) -> Begun:
    """Go on with one's own draft in another browser: it gets a new secret, the former one opens nothing (再開)."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(public=draft, expires_at__gte=clock.now(), case=None)
    found = rows.first()
    if found is None or not is_theirs(found, actor):
        raise Refused(NO_DRAFT, code="no_draft")
    refuse_if_ended(found)
    token = new_token()
    found.token_digest = token_digest(token)
    found.save(update_fields=["token_digest"])
    record(actor=actor, code=found.procedure)
    return Begun(found, token)


def _sweep() -> None:
    old = list(
        Draft.objects.select_for_update(skip_locked=True).filter(expires_at__lt=clock.now(), case=None)[:SWEPT_AT_ONCE]
    )
    Attachment.objects.filter(draft__in=old).delete()
    Draft.objects.filter(pk__in=[one.pk for one in old]).delete()


def draft_of(public: UUID, token: str, *, is_for_change: bool = False) -> Draft:
    """The draft that this secret opens for writing (下書きの照会).

    Raises Refused for any other, for one whose time is over, and where a delegation ended. Before it is shown or
    submitted, ``refuse_unless_theirs`` asks who is signed in: writing on after a session ended loses nothing.
    """
    rows = Draft.objects.select_related("account__person", "about", "case").filter(
        public=public, expires_at__gte=clock.now()
    )
    found = (rows.select_for_update(of=("self",)) if is_for_change else rows).first()
    if found is None or not is_same(found.token_digest, token_digest(token)):
        raise Refused(NO_DRAFT, code="no_draft")
    refuse_if_ended(found)
    if is_for_change and found.case_id is not None:
        raise Refused(SENT_ALREADY, code="sent_already")
    return found


def refuse_unless_theirs(draft: Draft, account: Applicant | None) -> None:
    """Raise Refused where the draft is an account's and another one, or nobody, is signed in (下書きの持ち主)."""
    if draft.account_id is None or draft.channel != Channel.ONLINE:
        return
    if account is None:
        raise Refused(SIGN_IN_AGAIN, code="sign_in_needed")
    if not is_theirs(draft, account):
        raise Refused(NO_DRAFT, code="no_draft")


@operation("applications.save")
def save(
    *, actor: Actor, draft: UUID, token: str, page: str, applicant: Mapping[str, Any], answers: Answers, people: People
) -> Draft:
    """Keep what was written so far, all of it, faulty or not; it is checked at the end (下書きの保存)."""
    found = draft_of(draft, token, is_for_change=True)
    account = account_of(actor)
    if account is not None:
        refuse_unless_theirs(found, account)
    found.page, found.applicant, found.answers, found.people = page, said_of(found, applicant), answers, people
    found.changed_at = clock.now()
    found.save(update_fields=["page", "applicant", "answers", "people", "changed_at"])
    record(actor=actor, code=found.procedure)
    return found


def said_of(draft: Draft, applicant: Mapping[str, Any]) -> dict[str, Any]:
    """Online, nobody says anew what the register says of them (下書きの申請者)."""
    if draft.channel != Channel.ONLINE or person_of(draft) is None:
        return dict(applicant)
    asked = {one.name for one in asked_of_applicant(draft.asked, is_known=True)}
    return {name: value for name, value in applicant.items() if name in asked}


@operation("applications.attach")
def attach(*, actor: Actor, to: Draft | Case, field: str, name: str, content: bytes) -> Attachment:
    """Keep a file for a question. Raises Refused for what is not a sound picture or PDF, or infected (添付)."""
    kind = kind_of(content)
    if not _scanner()(content):
        raise Refused(INFECTED, code="attachment_infected")
    # Whoever adds at the same time waits here, so that nobody gets beyond the most.
    type(to).objects.select_for_update().get(pk=to.pk)
    if to.attachments.count() >= MOST_FILES:
        raise Refused(TOO_MANY_FILES, code="too_many_attachments", most=MOST_FILES)
    digest = sha256(content).hexdigest()
    found = to.attachments.filter(field=field, sha256=digest).first()
    if found is None:
        found = to.attachments.create(
            field=field, name=name_of(name, kind), kind=kind, size=len(content), sha256=digest, content=content,
            added_at=clock.now(),
        )  # fmt: skip
    record(actor=actor, code=kind)
    return found


def _scanner() -> Callable[[bytes], bool]:
    """The town's own virus scanner, a function that says whether a file is clean; none by default."""
    path = settings.KIJUN_ATTACHMENT_SCANNER
    return import_string(path) if path else lambda _content: True


@operation("applications.detach")
def detach(*, actor: Actor, draft: UUID, token: str, ref: UUID) -> None:
    """Take a file off a draft again; off no other (添付の取消し)."""
    found = draft_of(draft, token, is_for_change=True)
    found.attachments.filter(ref=ref).delete()
    record(actor=actor, code=found.procedure)


@operation("applications.discard")
def discard(*, actor: Actor, draft: UUID, token: str) -> None:
    """Throw a draft away with all that was attached (下書きの破棄)."""
    found = draft_of(draft, token, is_for_change=True)
    found.attachments.all().delete()
    record(actor=actor, code=found.procedure)
    found.delete()
