"""Closing a period or a fiscal year: its balances are kept, nothing is booked into it any more (締め・出納閉鎖)."""

from datetime import date

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import books, by_account
from municipal.payments.checklist import may_close
from municipal.payments.models import Closing, YearClosing
from municipal.payments.years import figures_of

BOOKS = 1263160391
"""The lock that a posting shares and a closing holds alone, with the municipality's code (see migration 0001)."""


def wait_for_bookings() -> None:
    """Hold the town's books until the transaction ends: nobody is booking meanwhile (元帳の占有)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BOOKS, wall.current()])


@operation("payments.close")
def close_through(*, actor: Actor, day: date) -> Closing:
    """Close everything up to ``day`` (締め). Raises Refused for a day to come and for one that is closed already."""
    if day > clock.today():
        raise Refused("まだ来ていない日までは締められません。", field="day", code="invalid")
    wait_for_bookings()
    made = Closing.objects.create(closed_through=day, balances=by_account(through=day), closed_at=clock.now())
    record(actor=actor)
    return made


@operation("payments.close_year")
def close_year(*, actor: Actor, year: int) -> YearClosing:
    """Close the money of fiscal ``year`` and fix its figures (出納閉鎖; Local Autonomy Act, article 235-5).

    What comes to light later belongs to the year that is open then. Raises Refused before 1 June, for books that do
    not add up, and for a year that is closed or earlier than one that is.
    """
    if not may_close(year):
        raise Refused(
            "%(year)d年度の出納は、%(month)d年6月1日から閉鎖できます。",
            field="year", code="invalid", year=year, month=year + 1,
        )  # fmt: skip
    wait_for_bookings()
    if books().broken():
        raise Refused("元帳の検算が合いません。原因を調べてから閉鎖してください。", field="year", code="conflict")
    made = YearClosing.objects.create(fiscal_year=year, figures=figures_of(year), closed_at=clock.now())
    record(actor=actor, code=str(year))
    return made
