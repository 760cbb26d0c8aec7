"""What is looked after by the clock: questions to send, answers to fetch, questions of others (情報連携の裏方)."""

from celery import shared_task

from municipal.office.tasks import towns

from .operations.attending import attend


@shared_task(name="evidence.attend")  # type: ignore[untyped-decorator]
def attend_one(municipality: int) -> None:
    """Everything that is due in one municipality (情報連携の見回り)."""
    attend(town=municipality)


@shared_task(name="evidence.attend_all")  # type: ignore[untyped-decorator]
def attend_everywhere() -> None:
    """The same in every municipality that has an intermediate server."""
    for town in towns():
        attend(town=town)
