"""What applications do by themselves, every day (申請の裏方)."""

from celery import shared_task

from municipal.celery import town_task
from municipal.office.tasks import towns

from .operations.carrying_out import OFFICE, expire_visits, visits_are_over


@town_task("applications.expire_visits")
def expire_visits_here(municipality: int) -> None:
    """Let reservations of one municipality expire whose visitor never came; leaves no trace if there is none."""
    if visits_are_over():
        expire_visits(actor=OFFICE)


@shared_task(name="applications.expire_visits_all")  # type: ignore[untyped-decorator]
def expire_visits_everywhere() -> None:
    """Do so in every municipality (来庁のない予約の期限切れ)."""
    for town in towns():
        expire_visits_here(town)
