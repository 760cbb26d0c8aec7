"""Counting failed attempts, and shutting the door for a while (サインインの失敗とロック).

Five failures of one name, or twenty from one address, within fifteen minutes shut the door for that name or
address (resident-record/1.0#10.3). Twenty, because a whole office often stands behind one address.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.models import FailedSignIn, Staff
from municipal.municipalities import wall

FAILURES_OF_ONE_NAME = 5
FAILURES_FROM_ONE_ADDRESS = 20
WINDOW = timedelta(minutes=15)


def hash_of(login_name: str) -> str:
    """The keyed hash under which failures of this name are counted, in hexadecimal digits."""
    typed = login_name.encode("utf-8", "surrogatepass")
    return salted_hmac("kijun failed sign-in", typed, algorithm="sha256").hexdigest()


def take_turn(login_name: str) -> None:
    """Wait until nobody else is trying this name: guesses cannot outrun the count by coming at once."""
    with connection.cursor() as cursor:
        key = f"sign-in {wall.current()} {hash_of(login_name)}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def count_failure(login_name: str, source: str | None) -> None:
    """Note one failed attempt, of a name that exists or not."""
    FailedSignIn.objects.create(login_hash=hash_of(login_name), source_address=source)


def forget_failures(login_name: str) -> None:
    """A success, or an administrator, opens the door again."""
    FailedSignIn.objects.filter(login_hash=hash_of(login_name)).delete()


def refuse_if_shut(login_name: str, source: str | None) -> None:
    """Raise Refused with code ``locked`` while the door is shut for this name or this address."""
    recent = FailedSignIn.objects.filter(failed_at__gt=clock.now() - WINDOW)
    of_name = recent.filter(login_hash=hash_of(login_name)).count()
    from_address = recent.filter(source_address=source).count() if source else 0
    if of_name >= FAILURES_OF_ONE_NAME or from_address >= FAILURES_FROM_ONE_ADDRESS:
        raise Refused(
            "サインインの失敗が続いたため、受付を止めています。%(minutes)s分ほど待ってから、もう一度お試しください。",
            code="locked",
            minutes=int(WINDOW.total_seconds() // 60),
        )


def locked_among(people: Iterable[Staff]) -> set[int]:
    """The ids of those whose name is locked now, asked in one query (ロック中の職員)."""
    names = {hash_of(person.login_name): person.pk for person in people}
    recent = FailedSignIn.objects.filter(failed_at__gt=clock.now() - WINDOW, login_hash__in=names)
    counts: dict[str, int] = {}
    for found in recent.values_list("login_hash", flat=True):
        counts[found] = counts.get(found, 0) + 1
    return {names[found] for found, count in counts.items() if count >= FAILURES_OF_ONE_NAME}
