"""Writing into the books, and undoing by writing the opposite (記帳と取消し)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.announcements import announce
from municipal.payments.matching import spent
from municipal.payments.models import Account, Charge, Posting, PostingKind, Report, Transfer
from municipal.payments.moves import Move
from municipal.payments.years import years

SUSPENSE = 1263160392
"""The lock, with the municipality's code, of whoever moves money that came for nobody."""


def post(
    *, kind: PostingKind, booked_on: date, fiscal_year: int, source: str, moves: Sequence[Move],
    reverses: Posting | None = None,
) -> Posting:  # fmt: skip
    """Book one event; called inside an operation, which records it (記帳).

    ``source`` is unique in the town: what is booked already is refused by the database. Moves of no yen are left out.
    Raises Refused through the promises of the tables: closed period, below zero, booked before.
    """
    made = Posting.objects.create(
        kind=kind, booked_on=booked_on, fiscal_year=fiscal_year, source=source, reverses=reverses,
        recorded_at=clock.now(),
    )  # fmt: skip
    Transfer.objects.bulk_create(
        Transfer(posting=made, charge=move.charge, debit=move.debit, credit=move.credit, yen=move.yen)
        for move in moves
        if move.yen
    )
    announce([(kind, made.pk)])
    return made


NEVER_REVERSED = (PostingKind.REVERSE, PostingKind.CHARGE, PostingKind.ADJUST)
"""A reversal is done again; a charge is revised, else the assessment would say one amount and the books another."""


@operation("payments.reverse")
def reverse(*, actor: Actor, posting: Posting, booked_on: date, reason: str) -> Posting:
    """Undo a posting by the opposite transfers; both stay in the books (仕訳の取消し).

    Raises Refused for a posting of NEVER_REVERSED, a second time, without a reason, and where later events rest on it:
    then a charge or an over-payment would go below zero, or money for nobody that found its owner would be taken back.
    """
    if posting.kind == PostingKind.REVERSE:
        raise Refused("取消しの仕訳は取り消せません。元の処理をもう一度行ってください。", code="conflict")
    if posting.kind in NEVER_REVERSED:
        raise Refused("調定は仕訳の取消しではなく、賦課の更正で改めてください。", code="conflict")
    if not reason.strip():
        raise Refused("取消しの理由を入力してください。", field="reason", code="invalid")
    _refuse_spent(posting)
    moves = [move.back() for move in moves_of(posting)]
    made = post(
        kind=PostingKind.REVERSE, booked_on=booked_on, fiscal_year=years().open_year(posting.fiscal_year),
        source=f"reverse:{posting.pk}", moves=moves, reverses=posting,
    )  # fmt: skip
    record(actor=actor, subjects=_payers(moves), purpose=reason[:200], code=posting.kind)
    return made


def _refuse_spent(posting: Posting) -> None:
    for_nobody = list(Report.objects.filter(posting=posting, slip__isnull=True).values_list("pk", flat=True))
    if for_nobody:
        hold_suspense()
    if spent(for_nobody):
        raise Refused(
            "この入金は納付者の特定または返還が済んでいます。先にその判断を取り消してください。", code="conflict"
        )


def hold_suspense() -> None:
    """Nobody else moves money that came for nobody until the transaction ends; before any charge (仮受金の占有)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SUSPENSE, wall.current()])


def hold_charges(charges: Iterable[int]) -> None:
    """Nobody else books on these charges (ids) until the transaction ends (調定の占有)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kijun_lock_charges(%s)", [list(charges)])


def moves_of(posting: Posting) -> list[Move]:
    """What a posting moved (仕訳の振替)."""
    found = posting.transfers.select_related("charge").order_by("pk")
    return [Move(Account(one.debit), Account(one.credit), one.yen, one.charge) for one in found]


def _payers(moves: Sequence[Move]) -> list[int]:
    charges = {move.charge.pk for move in moves if move.charge}
    found = Charge.objects.filter(pk__in=charges).values_list("assessment__payer", flat=True)
    return sorted(set(found))


def next_source(act: str, charge: Charge) -> str:
    """A source for an act that a charge may have several times (発生元の採番).

    Two at once get the same, and one is refused.
    """
    done = Posting.objects.filter(source__startswith=f"{act}:{charge.pk}:").count()
    return f"{act}:{charge.pk}:{done + 1}"
