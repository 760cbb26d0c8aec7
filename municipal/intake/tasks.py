"""Asking and telling the portal by the clock (申請管理の裏方)."""

import logging

from celery import shared_task

from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.tasks import towns

from .operations import fetch, is_due, send_reports, settings_of

logger = logging.getLogger(__name__)


@shared_task(name="intake.attend")  # type: ignore[untyped-decorator]
def attend(municipality: int) -> None:
    """Fetch if it is time, then tell what waits, in one town (受取りと登録)."""
    with wall.within(municipality):
        wanted = is_due(settings_of())
    try:
        if wanted:
            fetch(municipality)
        send_reports(municipality)
    except (Refused, ValueError, OSError) as error:
        logger.warning("The portal of %s was not asked: %s", municipality, type(error).__name__)


@shared_task(name="intake.attend_all")  # type: ignore[untyped-decorator]
def attend_everywhere() -> None:
    """Do so in every municipality (見回り)."""
    for town in towns():
        attend(town)
