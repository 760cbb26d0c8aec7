"""Job kinds and an actor for the tests; a worker of the tests loads them by name (試験用の一括処理)."""

import time
from dataclasses import dataclass

from municipal.audit.operations import record
from municipal.office.jobs import Progress, RowError, Steps, job, kinds, ordered_by
from municipal.office.models import Job

STEPS = 12


@dataclass(frozen=True)
class Clerk:
    """A member of the staff, as far as the office can see."""

    actor_kind: str = "staff"
    actor_id: int = 7


CLERK, OTHER_CLERK = Clerk(), Clerk(actor_id=8)


def count(job: Job) -> Steps:
    """One step per row, each leaving one entry in the audit; every fifth row is refused."""
    for row in range(job.position.get("row", 0) + 1, STEPS + 1):
        record(actor=ordered_by(job), act="tests.row", code=f"row{row}")
        bad = [RowError(row, "=field", "この行は読めません。")] if row % 5 == 0 else []
        time.sleep(float(job.parameters.get("milliseconds", 0)) / 1000)
        yield Progress(done=row, total=STEPS, position={"row": row}, errors=bad)


def stumble(job: Job) -> Steps:
    """Takes its first step and never its second."""
    if not job.position:
        record(actor=ordered_by(job), act="tests.row", code="row1")
        yield Progress(done=1, position={"row": 1})
    record(actor=ordered_by(job), act="tests.row", code="row2")
    raise ZeroDivisionError


for _name, _kind in (("tests.count", count), ("tests.stumble", stumble)):
    if _name not in kinds:
        job(_name)(_kind)
