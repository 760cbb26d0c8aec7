"""What schedules begin, every minute (予約の起動)."""

from celery import shared_task

from municipal.celery import town_task
from municipal.core import clock
from municipal.core.actors import System
from municipal.office.tasks import towns

from .models import Schedule
from .operations import begin_due_runs

ACTOR = System("schedules")


@town_task("batches.begin_due")
def begin_due_here(municipality: int) -> None:
    """Begin in one municipality what is due; leaves no trace if nothing is (予約の起動)."""
    if Schedule.objects.filter(next_at__lte=clock.now(), ended_at=None).exists():
        begin_due_runs(actor=ACTOR)


@shared_task(name="batches.begin_due_all")  # type: ignore[untyped-decorator]
def begin_due_everywhere() -> None:
    """Do so in every municipality (予約の起動)."""
    for town in towns():
        begin_due_here(town)
