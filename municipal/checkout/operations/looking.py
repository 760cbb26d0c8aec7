"""Opening a slip by its numbers, for somebody who is not signed in (納付書の照会).

Five failures of one number, or twenty from one address, within fifteen minutes stop further attempts, as at the
sign-in. A number that does not exist and a wrong confirmation number are answered alike.
"""

from datetime import timedelta
from hmac import compare_digest

from django.db import connection
from django.utils.crypto import salted_hmac

from municipal.audit.operations import disclose, log_apart
from municipal.checkout.models import FailedLookup
from municipal.checkout.rules.typed import Named, named
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.models import Slip

from .actors import PAYER

FAILURES_OF_ONE_NUMBER, FAILURES_FROM_ONE_ADDRESS = 5, 20
WINDOW = timedelta(minutes=15)
NOBODY = "000000"


def open_slip(*, town: int, code: str, confirmation: str, source: str) -> int:
    """The id of the slip that these numbers open; opens the door of ``town`` itself (納付書の照会).

    A failure is counted, and logged in a transaction of its own. Raises Refused for digits that are no number, for
    numbers that fit no slip, and while the door is shut.
    """
    wanted = named(code, confirmation)
    with wall.within(town):
        _take_turn(wanted.number)
        found = _tried(wanted, source)
    if isinstance(found, Refused):
        log_apart(municipality=town, actor=PAYER, act="checkout.open_slip", code=found.code)
        raise found
    return found


def _tried(wanted: Named, source: str) -> int | Refused:
    """A refusal is returned, not raised: the count of failures must outlive it."""
    if _is_shut(wanted.number, source):
        return Refused(
            "番号の間違いが続いたため、受付を止めています。%(minutes)s分ほど待ってから、もう一度お試しください。",
            code="locked", minutes=int(WINDOW.total_seconds() // 60),
        )  # fmt: skip
    slip = Slip.objects.select_related("charge__assessment").filter(number=wanted.number).first()
    is_right = compare_digest(slip.confirmation if slip else NOBODY, wanted.confirmation)
    if slip is None or not is_right:
        FailedLookup.objects.create(number_hash=_hash(wanted.number), source_hash=_hash(source))
        return Refused(
            "この番号の納付書は見つかりません。納付番号と確認番号を確かめて、もう一度入れてください。",
            field="code", code="no_such_slip",
        )  # fmt: skip
    disclose(actor=PAYER, act="checkout.open_slip", subjects=[slip.charge.assessment.payer_id], fields=["slip"])
    return int(slip.pk)


def _is_shut(number: str, source: str) -> bool:
    recent = FailedLookup.objects.filter(failed_at__gt=clock.now() - WINDOW)
    return (
        recent.filter(number_hash=_hash(number)).count() >= FAILURES_OF_ONE_NUMBER
        or recent.filter(source_hash=_hash(source)).count() >= FAILURES_FROM_ONE_ADDRESS
    )


def _take_turn(number: str) -> None:
    """Wait until nobody else is trying this number: guesses cannot outrun the count by coming at once."""
    with connection.cursor() as cursor:
        key = f"slip {wall.current()} {_hash(number)}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _hash(text: str) -> str:
    return salted_hmac("kijun failed lookup", text, algorithm="sha256").hexdigest()


def forget_failures() -> int:
    """Remove failures of the open municipality that no longer count; how many these were (失敗の記録の廃棄)."""
    return FailedLookup.objects.filter(failed_at__lte=clock.now() - WINDOW).delete()[0]
