"""Long work on the register: removed records go to their store (台帳の一括処理)."""

from municipal.core import clock
from municipal.office.jobs import Progress, Steps, job, ordered_by
from municipal.office.models import Job

from .operations.storing import due_for_the_store, store_removed

STORE = "residents.store_removed"
BATCH = 500


@job(STORE)
def store(order: Job) -> Steps:
    """Move whoever is due, so many in each step; a run that died goes on behind the last person (除票の移行)."""
    after, done = int(order.position.get("after", 0)), int(order.position.get("done", 0))
    total = done + due_for_the_store(clock.today()).filter(addressee__gt=after).count()
    while people := store_removed(actor=ordered_by(order), after=after, most=BATCH):
        after, done = people[-1], done + len(people)
        yield Progress(done=done, total=max(total, done), position={"after": after, "done": done})
