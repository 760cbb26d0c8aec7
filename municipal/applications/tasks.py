"""What applications do by themselves, every day (申請の裏方)."""

import logging

from celery import shared_task

from municipal.celery import town_task
from municipal.municipalities import wall
from municipal.office.tasks import towns

from .forgetting import forget_what_is_over
from .keeping import takes_unverified
from .operations.carrying_out import OFFICE, expire_visits, visits_are_over
from .operations.keeping import forget_drafts
from .operations.telling import send_next, waiting_mails

logger = logging.getLogger(__name__)

MAILS_AT_ONCE = 50


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


@town_task("applications.forget")
def forget_here(municipality: int) -> None:
    """Forget what is over its period in one municipality, and drafts that nobody handed in."""
    forget_drafts(actor=OFFICE)
    forget_what_is_over(actor=OFFICE, takes_unverified=takes_unverified(), is_dry=False)


@shared_task(name="applications.forget_all")  # type: ignore[untyped-decorator]
def forget_everywhere() -> None:
    """Do so in every municipality (保存期間の見回り)."""
    for town in towns():
        forget_here(town)


@shared_task(name="applications.send_mail")  # type: ignore[untyped-decorator]
def send_mail_here(municipality: int) -> None:
    """Send the mails that wait in one municipality, each in a transaction of its own."""
    try:
        for _each in range(MAILS_AT_ONCE):
            with wall.within(municipality):
                if not waiting_mails() or not send_next(actor=OFFICE):
                    return
    except OSError:
        logger.warning("The mail server does not answer; what waits is sent later.")


@shared_task(name="applications.send_mail_all")  # type: ignore[untyped-decorator]
def send_mail_everywhere() -> None:
    """Do so in every municipality (お知らせのメールの送信)."""
    for town in towns():
        send_mail_here(town)
