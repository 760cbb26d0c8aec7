"""The office's tasks; the broker wakes them, the database says what is to be done (庶務の裏方)."""

import logging
from typing import Any

from celery import shared_task
from kombu.exceptions import KombuError

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from . import jobs
from .answers import forget_old
from .outbox import deliver_next

logger = logging.getLogger(__name__)

AT_ONCE = 1000
"""So many deliveries one message carries out at most, so that one town does not hold a worker for ever."""


def wake(task: Any, *arguments: int) -> None:
    """Send a message; a broker that is away costs only time, because the beat finds the work later (起動)."""
    try:
        task.apply_async(arguments, retry=False)
    except (KombuError, OSError) as error:
        logger.warning("The broker is away (%s); the work waits for the next beat.", type(error).__name__)


def towns() -> list[int]:
    """The codes of every municipality here."""
    return list(Municipality.objects.values_list("id", flat=True))


@shared_task(name="office.deliver")  # type: ignore[untyped-decorator]
def deliver(municipality: int) -> None:
    """Deliver what is due in one municipality, each delivery in its own transaction (配達)."""
    for _ in range(AT_ONCE):
        with wall.within(municipality):
            if not deliver_next():
                return


@shared_task(name="office.deliver_all")  # type: ignore[untyped-decorator]
def deliver_all() -> None:
    """Deliver in every municipality, whatever the broker may have lost."""
    for town in towns():
        deliver(town)


@shared_task(name="office.run_job")  # type: ignore[untyped-decorator]
def run_job(municipality: int, job_id: int) -> None:
    """Run one job to its end (一括処理)."""
    jobs.run(municipality, job_id)


@shared_task(name="office.resume_jobs")  # type: ignore[untyped-decorator]
def resume_jobs() -> None:
    """Wake every job that nobody has touched for a while: its message or its worker is gone."""
    for town in towns():
        with wall.within(town):
            found = jobs.left_alone()
        for job_id in found:
            wake(run_job, town, job_id)


@shared_task(name="office.forget_old_answers")  # type: ignore[untyped-decorator]
def forget_old_answers() -> None:
    """Remove stored answers after 400 days."""
    for town in towns():
        with wall.within(town):
            forget_old()
