"""Judging in the background (適合検査の一括処理)."""

from municipal.office.jobs import Progress, Steps, job, ordered_by
from municipal.office.models import Job

from .models import Inspection
from .operations import JUDGE, judge_inspection


@job(JUDGE)
def judge(job: Job) -> Steps:
    """One step that judges; a worker killed in it leaves nothing behind, and the next one does it again (検査)."""
    inspection = Inspection.objects.filter(job=job, judged_at=None).first()
    if inspection is not None:
        judge_inspection(actor=ordered_by(job), inspection=inspection)
    yield Progress(done=1, total=1)
