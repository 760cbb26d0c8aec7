"""What changed is told at the interval that the municipality chose (準リアルタイムの連携)."""

from celery import shared_task

from municipal.celery import town_task
from municipal.core.actors import System
from municipal.office.tasks import towns

from .operations import is_due, linkage, tell_changes


@town_task("transfer.tell_changes")
def tell_changes_here(municipality: int) -> None:
    """Tell of one municipality's changes if it is time and there are any; leaves no trace otherwise."""
    if is_due(linkage()):
        tell_changes(actor=System("tell_changes"))


@shared_task(name="transfer.tell_changes_all")  # type: ignore[untyped-decorator]
def tell_changes_everywhere() -> None:
    """Do so in every municipality (異動差分の提供)."""
    for town in towns():
        tell_changes_here(town)
