"""What the register does by itself, every hour: a machine that was off at midnight catches up (台帳の裏方)."""

from celery import shared_task

from municipal.celery import town_task
from municipal.core.actors import System
from municipal.office.tasks import towns

from .neighbours import tell_neighbours
from .operations import announced_and_due, remove_announced

ACTOR = System("remove_announced")


@town_task("residents.remove_announced")
def remove_announced_here(municipality: int) -> None:
    """Remove everybody in one municipality whose announced day of leaving has come; leaves no trace if nobody's has."""
    if announced_and_due():
        remove_announced(actor=ACTOR)


@shared_task(name="residents.remove_announced_all")  # type: ignore[untyped-decorator]
def remove_announced_everywhere() -> None:
    """Do so in every municipality (転出予定日の到来による消除)."""
    for town in towns():
        remove_announced_here(town)


@shared_task(name="residents.tell_neighbours_all")  # type: ignore[untyped-decorator]
def tell_neighbours_everywhere() -> None:
    """Let the made-up towns tell each other of people who move (研修用の住基ネット)."""
    for town in towns():
        tell_neighbours(town)
