"""Writing files in the background, so that no large extract keeps the counter waiting (抽出ファイルの一括処理)."""

from municipal.office.jobs import Progress, Steps, job, ordered_by
from municipal.office.models import Job

from .models import ExtractFile
from .operations import WRITE, write_file


@job(WRITE)
def write(job: Job) -> Steps:
    """One step that writes; a worker killed in it leaves nothing behind, and the next one does it again (作成)."""
    file = ExtractFile.objects.select_related("run__owner").filter(job=job, written_at=None).first()
    if file is not None:
        write_file(actor=ordered_by(job), file=file)
    yield Progress(done=1, total=1)
