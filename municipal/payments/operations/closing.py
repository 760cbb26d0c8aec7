"""Closing a period: its balances are kept, nothing is booked into it any more (締め)."""

from datetime import date

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import by_account
from municipal.payments.models import Closing

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
