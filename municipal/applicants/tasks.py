"""What is forgotten by the clock (申請者の裏方)."""

from celery import shared_task

from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.office.tasks import towns

from .operations import forget_sessions


@shared_task(name="applicants.forget_sessions")  # type: ignore[untyped-decorator]
def forget(municipality: int) -> None:
    """Remove the old sessions of one town (古いセッションの削除)."""
    with wall.within(municipality):
        forget_sessions(actor=System("beat"))


@shared_task(name="applicants.forget_sessions_all")  # type: ignore[untyped-decorator]
def forget_everywhere() -> None:
    """Do so in every municipality (見回り)."""
    for town in towns():
        forget(town)
