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

from municipal.applications.keys import is_same, new_token, token_digest
from municipal.applications.models import Attachment, Case, Draft
from municipal.applications.rules.answers import Answers, People
from municipal.applications.rules.attachments import MOST_FILES, kind_of, name_of
from municipal.audit.operations import operation, record
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
def begin(*, actor: Actor, procedure: str, language: str) -> Begun:
    """Begin to write an application for what is offered now; drafts that expired are swept away (下書きの開始)."""
    content = current(procedure)
    if content is None or content["kind"] != "online":
        raise Refused(NOT_ONLINE, code="not_online")
    _sweep()
    token, now, entry = new_token(), clock.now(), entry_of(content)
    made = Draft.objects.create(
        token_digest=token_digest(token), procedure=entry.id, version=entry.version, entry=content, language=language,
        created_at=now, changed_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    record(actor=actor, code=procedure)
    return Begun(made, token)


def _sweep() -> None:
    old = list(
        Draft.objects.select_for_update(skip_locked=True).filter(expires_at__lt=clock.now(), case=None)[:SWEPT_AT_ONCE]
    )
    Attachment.objects.filter(draft__in=old).delete()
    Draft.objects.filter(pk__in=[one.pk for one in old]).delete()


def draft_of(public: UUID, token: str, *, is_for_change: bool = False) -> Draft:
    """The draft that this secret opens. Raises Refused for any other, and for one whose time is over (下書きの照会)."""
    rows = Draft.objects.filter(public=public, expires_at__gte=clock.now())
    found = (rows.select_for_update() if is_for_change else rows).first()
    if found is None or not is_same(found.token_digest, token_digest(token)):
        raise Refused(NO_DRAFT, code="no_draft")
    if is_for_change and found.case_id is not None:
        raise Refused(SENT_ALREADY, code="sent_already")
    return found


@operation("applications.save")
def save(
    *, actor: Actor, draft: UUID, token: str, page: str, applicant: Mapping[str, Any], answers: Answers, people: People
) -> Draft:
    """Keep what was written so far, all of it, faulty or not; it is checked at the end (下書きの保存)."""
    found = draft_of(draft, token, is_for_change=True)
    found.page, found.applicant, found.answers, found.people = page, dict(applicant), answers, people
    found.changed_at = clock.now()
    found.save(update_fields=["page", "applicant", "answers", "people", "changed_at"])
    record(actor=actor, code=found.procedure)
    return found


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
