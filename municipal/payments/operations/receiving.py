"""Taking a file of reports in: kept first, tried, booked when somebody says so (収納データの受取りと取込み)."""

import hashlib

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.payments.files import lines
from municipal.payments.intake import COLUMNS
from municipal.payments.models import CollectionFile, ReceivedFile

TAKE_IN = "payments.take_in_file"


def runs_of(file: ReceivedFile) -> list[Job]:
    """Everything that was ordered for a file, trials too, the newest first (ファイルの処理)."""
    return list(Job.objects.filter(kind=TAKE_IN, parameters__file=file.pk).order_by("-pk"))


def taken_from(file: ReceivedFile) -> CollectionFile | None:
    """What was booked from a file; None while nothing was (取込み済みのファイル)."""
    return CollectionFile.objects.filter(digest=file.digest).first()


@operation("payments.receive_collections")
def receive_collections(*, actor: Actor, name: str, data: bytes) -> ReceivedFile:
    """Keep a file of reports and have it tried; nothing is booked yet (収納データの受取り).

    The same bytes are kept once: received again, the file of the first time is answered; it is tried anew unless it is
    booked or being worked on. Raises Refused for a file that is none (see ``files.lines``).
    """
    refuse_unstorable(name, 100, "file")
    for _ in lines(data, COLUMNS, is_counted=True):
        break  # Asks for the whole of it: a file that does not add up to its last line is refused here.
    digest = hashlib.sha256(data).hexdigest()
    file = ReceivedFile.objects.filter(digest=digest).first()
    if file is None:
        file = ReceivedFile.objects.create(name=name, digest=digest, content=data, received_at=clock.now())
    if taken_from(file) is None and not _is_worked_on(file):
        order_job(actor=actor, kind=TAKE_IN, parameters={"file": file.pk}, is_dry_run=True)
    record(actor=actor)
    return file


@operation("payments.order_collections")
def order_collections(*, actor: Actor, file: ReceivedFile) -> Job:
    """Have a worker book the reports of a file that was tried (収納データの取込みの依頼).

    Lines that are none are left out, as the trial said. Raises Refused while something runs for the file, where it is
    booked already, and where the trial broke off or refused it whole.
    """
    if taken_from(file) is not None or _is_worked_on(file):
        raise Refused("このファイルは処理中か、すでに取り込まれています。結果を確かめてください。", code="conflict")
    last = next(iter(runs_of(file)), None)
    if last is None or last.state != Job.State.DONE or "by_match" not in last.position:
        raise Refused("試行が終わったファイルだけを取り込めます。もう一度受け取ってください。", code="conflict")
    made = order_job(actor=actor, kind=TAKE_IN, parameters={"file": file.pk})
    record(actor=actor)
    return made


def _is_worked_on(file: ReceivedFile) -> bool:
    return any(job.state in (Job.State.WAITING, Job.State.RUNNING) for job in runs_of(file))
