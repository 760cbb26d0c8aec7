"""Taking a file of assessments in: kept first, tried, charged when somebody says so (賦課データの受取りと取込み)."""

import hashlib

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.payments.assessments import COLUMNS
from municipal.payments.files import lines
from municipal.payments.models import ReceivedFile

ASSESS_FILE = "payments.assess_file"


def runs_of(file: ReceivedFile) -> list[Job]:
    """Everything that was ordered for a file, trials too, the newest first (ファイルの処理)."""
    return list(Job.objects.filter(kind=ASSESS_FILE, parameters__file=file.pk).order_by("-pk"))


@operation("payments.receive_assessments")
def receive_assessments(*, actor: Actor, name: str, data: bytes) -> ReceivedFile:
    """Keep a file of assessments and have it tried; nothing is charged yet (賦課データの受取り).

    The same bytes are kept once: received again, the file of the first time is answered and nothing is tried anew
    while it is charged or being tried. Raises Refused for a file that is none (see ``files.lines``) or holds no line.
    """
    refuse_unstorable(name, 100, "file")
    if next(lines(data, COLUMNS), None) is None:
        raise Refused("ファイルに賦課の行がありません。内容を確かめてください。", field="file", code="invalid")
    digest = hashlib.sha256(data).hexdigest()
    file = ReceivedFile.objects.filter(digest=digest).first()
    if file is None:
        file = ReceivedFile.objects.create(name=name, digest=digest, content=data, received_at=clock.now())
    if not any(_is_charged_or_open(job) for job in runs_of(file)):
        order_job(actor=actor, kind=ASSESS_FILE, parameters={"file": file.pk}, is_dry_run=True)
    record(actor=actor)
    return file


def _is_charged_or_open(job: Job) -> bool:
    is_open = job.state in (Job.State.WAITING, Job.State.RUNNING)
    return is_open or (job.state == Job.State.DONE and not job.is_dry_run and not job.errors)


@operation("payments.order_assessments")
def order_assessments(*, actor: Actor, file: ReceivedFile) -> Job:
    """Have a worker charge every line of a file whose last trial found nothing wrong (賦課データの取込みの依頼).

    Raises Refused while something runs for the file, where it is charged already, and where the trial found faults or
    broke off.
    """
    last = next(iter(runs_of(file)), None)
    if last is not None and _is_charged_or_open(last):
        raise Refused("このファイルは処理中か、すでに取り込まれています。結果を確かめてください。", code="conflict")
    if last is None or last.errors or last.state != Job.State.DONE:
        raise Refused("試行で誤りのなかったファイルだけを取り込めます。ファイルを直してください。", code="conflict")
    made = order_job(actor=actor, kind=ASSESS_FILE, parameters={"file": file.pk})
    record(actor=actor)
    return made
