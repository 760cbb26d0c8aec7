"""Money on the town's account, singly and by file (入金)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop as _

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.credits import Credited, read
from municipal.payments.files import BadLine
from municipal.payments.models import Account, Channel, PostingKind, Settlement
from municipal.payments.moves import Move
from municipal.payments.outcomes import BAD, REPEATED, SETTLED, Row
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.years import years

from .posting import post


@operation("payments.settle")
def settle(*, actor: Actor, channel: Channel, reference: str, yen: int, credited_on: date) -> Settlement:
    """Money of a channel is on the account (入金).

    Raises Refused for no yen, a day to come, and a reference that was entered before. What was reported and what came
    need not agree: the difference stays in transit and is shown by the reconciliation.
    """
    if yen < 1:
        raise Refused("入金額は1円以上で入力してください。", field="yen", code="invalid")
    if credited_on > clock.today():
        raise Refused("入金日が未来の日です。日付を確かめてください。", field="credited_on", code="invalid")
    refuse_unstorable(reference, 40, "reference")
    if not reference.strip():
        raise Refused("入金の番号を入力してください。", field="reference", code="invalid")
    if Settlement.objects.filter(channel=channel, reference=reference).exists():
        raise Refused("この入金はすでに登録されています。", field="reference", code="conflict")
    made = _settled(channel, reference, yen, credited_on)
    record(actor=actor, code=channel)
    return made


@dataclass(frozen=True)
class Settled:
    """What came of a file of settlements: every line in its order (入金データの結果)."""

    rows: tuple[Row, ...]

    def count(self, result: str) -> int:
        """How many lines came to ``result`` (件数)."""
        return sum(row.result == result for row in self.rows)


def try_settlements(data: bytes) -> Settled:
    """What ``settle_file`` would do; it does the same and leaves nothing behind (試行)."""
    with transaction.atomic():
        tried = Settled(tuple(_rows(data)))
        transaction.set_rollback(True)
    return tried


@operation("payments.settle_file")
def settle_file(*, actor: Actor, data: bytes) -> Settled:
    """Take in what a bank says has reached the account (入金データの取込み).

    A transfer that is registered already changes nothing, whatever file names it; bad lines are named and left out.
    Raises Refused for a file that is none.
    """
    made = Settled(tuple(_rows(data)))
    record(actor=actor, code=str(made.count(SETTLED)))
    return made


def _rows(data: bytes) -> Iterator[Row]:
    for one in list(read(data)):
        if isinstance(one, BadLine):
            yield Row(one.line, "", 0, BAD, one.sentence)
        else:
            yield _row(one)


def _row(one: Credited) -> Row:
    known = Settlement.objects.filter(channel=one.channel, reference=one.reference).first()
    if known is None:
        _settled(Channel(one.channel), one.reference, one.yen, one.credited_on)
        return Row(one.line, one.reference, one.yen, SETTLED)
    if (known.yen, known.credited_on) == (one.yen, one.credited_on):
        return Row(one.line, one.reference, one.yen, REPEATED)
    return Row(one.line, one.reference, one.yen, BAD, _("同じ番号の入金が、別の金額または日付で登録されています。"))


def _settled(channel: Channel, reference: str, yen: int, credited_on: date) -> Settlement:
    posting = post(
        kind=PostingKind.SETTLE, booked_on=clock.today(), fiscal_year=years().open_year(fiscal_year(credited_on)),
        source=f"settlement:{channel}:{reference}", moves=[Move(Account.CASH, Account.IN_TRANSIT, yen)],
    )  # fmt: skip
    return Settlement.objects.create(
        channel=channel, reference=reference, yen=yen, credited_on=credited_on, posting=posting
    )
