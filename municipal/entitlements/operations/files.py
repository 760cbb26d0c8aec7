"""Taking a file of amounts in: one person hands it in, another decides (認定・支給額のファイルの取込み)."""

from hashlib import sha256

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.entitlements.intake import Line, read
from municipal.entitlements.kinds import main_of
from municipal.entitlements.models import AmountFrom, AssessmentFile, Cause, Entitlement, days
from municipal.office.models import Proposal
from municipal.office.operations import decide, propose
from municipal.payments.files import BadLine

from .granting import Granting, grant
from .versions import followed, locked

TAKE_IN = "entitlements.take_in_file"
FAULTY = _("ファイルに誤りが%(count)d件あります（最初は%(line)d行目）。直したファイルを受け取り直してください。")


@operation("entitlements.receive_file")
def receive_file(*, actor: Actor, name: str, data: bytes) -> AssessmentFile:
    """Keep a file and propose to take it in; nothing changes yet (ファイルの受取り).

    The same bytes again are the file of the first time. Raises Refused for a file that is none (see ``intake.read``).
    """
    refuse_unstorable(name, 100, "file")
    read(data)
    digest = sha256(data).hexdigest()
    found = AssessmentFile.objects.filter(digest=digest).first()
    if found is None:
        proposed = propose(actor=actor, act=TAKE_IN, payload={"digest": digest[:60]})
        found = AssessmentFile.objects.create(
            name=name, digest=digest, content=data, proposal=proposed.pk, received_at=clock.now()
        )
    record(actor=actor)
    return found


@operation(TAKE_IN)
def take_in_file(*, actor: Actor, file: AssessmentFile) -> int:
    """Write every line of a file that somebody else handed in; how many versions that made (ファイルの取込み).

    All or nothing. Raises Refused for who handed it in, a second time, and where any line is bad now.
    """
    decide(actor=actor, proposal=file.proposal, is_approved=True)
    found = read(bytes(file.content))
    bad = [one for one in found if isinstance(one, BadLine)]
    if bad:
        raise Refused(FAULTY, field="file", code="invalid", count=len(bad), line=bad[0].line)
    made = [_written(actor, file, one) for one in found if not isinstance(one, BadLine)]
    record(actor=actor, subjects=sorted({one.person_id for one in made if one} | {one.about_id for one in made if one}))
    return sum(one is not None for one in made)


def decision_of(file: AssessmentFile) -> Proposal:
    """Who proposed to take a file in, and whether somebody decided (ファイルの起案)."""
    return Proposal.objects.get(pk=file.proposal)


def _written(actor: Actor, file: AssessmentFile, line: Line) -> Entitlement | None:
    held = locked(line.number) if line.number else _granted(actor, line)
    said = _said(file, line, held)
    is_new = any(getattr(held, name) != value for name, value in said.items() if name != "file_id")
    if not is_new:
        return held if not line.number else None
    return followed(held, cause=Cause.AMOUNT, reason=line.reason, **said)


def _granted(actor: Actor, line: Line) -> Entitlement:
    main = main_of(line.kind)
    granting = Granting(
        person=line.person, about=line.about, kind=line.kind, procedure=main.procedure if main else line.kind,
        name=main.name_ja if main else line.kind, first=line.first, last=line.last,
        lasts=main is None or main.lasts, reason=line.reason,
    )  # fmt: skip
    return locked(grant(actor=actor, granting=granting).number)


def _said(file: AssessmentFile, line: Line, held: Entitlement) -> dict[str, object]:
    said: dict[str, object] = {"valid": days(line.first, line.last)}
    if line.yen is not None:
        said |= {"amount_yen": line.yen, "per": line.per, "amount_from": AmountFrom.FILE, "file_id": file.pk}
    return said
