"""The books: every yen moves from one account to another, and never back by erasure (元帳).

A transfer takes the same yen out of one account and puts it into another, so that books that do not balance cannot be
written at all: there is no sum to be checked afterwards (docs/decisions/0019-transfers.md).
"""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .charge import Charge
from .promises import LaterThanTheLast, NothingBelowZero, NotInAClosedPeriod, OfAnOpenYear


class Account(models.TextChoices):
    """Where yen can be (勘定科目)."""

    RECEIVABLE = "receivable", "収入未済額"
    REVENUE = "revenue", "調定額"
    IN_TRANSIT = "in_transit", "収納未決済"
    CASH = "cash", "公金口座"
    OVERPAID = "overpaid", "過誤納金"
    SUSPENSE = "suspense", "仮受金"
    WRITTEN_OFF = "written_off", "不納欠損額"
    REFUND_EXPENDITURE = "refund_expenditure", "過年度還付（歳出）"
    REFUND_INTEREST = "refund_interest", "還付加算金（歳出）"


OF_A_DEBT = (Account.RECEIVABLE, Account.OVERPAID)
"""Accounts whose every yen belongs to a charge."""


class PostingKind(models.TextChoices):
    """Why the books change (仕訳の種類)."""

    CHARGE = "charge", "調定"
    ADJUST = "adjust", "調定変更"
    COLLECT = "collect", "収納（確報）"
    SETTLE = "settle", "入金"
    IDENTIFY = "identify", "仮受金の振替"
    APPLY = "apply", "充当"
    REFUND = "refund", "還付"
    WRITE_OFF = "write_off", "不納欠損"
    REVERSE = "reverse", "取消し"


class Posting(OfMunicipality):
    """One event in the books, with all its transfers (仕訳).

    ``booked_on``: the day in whose period it falls; ``fiscal_year``: the year whose money it is (April and May may
    still belong to the year before). ``source``: what brought it about, told once: the same source is booked once.
    ``reverses``: the posting that this one undoes, which happens once. Append-only.
    """

    kind = models.CharField("種類", max_length=12, choices=PostingKind)
    booked_on = models.DateField("記帳日")
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    source = models.CharField("発生元", max_length=100)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="reversals", verbose_name="取り消した仕訳"
    )
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "仕訳"
        verbose_name_plural = "仕訳"
        indexes = [models.Index(fields=["municipality", "booked_on"], name="posting_by_day")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="posting_reverses_one_of_this_town", field="reverses"),
            AppendOnly(name="posting_only_grows"),
            NotInAClosedPeriod(
                name="posting_is_in_an_open_period",
                violation_error_message="締めた期間の日付では記帳できません。締めた日より後の日付にしてください。",
            ),
            OfAnOpenYear(
                name="posting_is_of_an_open_year",
                violation_error_message="この会計年度の出納は閉鎖されています。現年度の仕訳としてください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "source"],
                name="posting_of_one_source_is_made_once",
                violation_error_message="この処理はすでに記帳されています。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "reverses"],
                name="posting_is_reversed_once",
                violation_error_message="この仕訳はすでに取り消されています。",
            ),
            models.CheckConstraint(
                condition=Q(kind=PostingKind.REVERSE, reverses__isnull=False)
                | (~Q(kind=PostingKind.REVERSE) & Q(reverses__isnull=True)),
                name="posting_reverses_only_as_a_reversal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.booked_on:%Y-%m-%d}"


ROUTES = (
    (Account.RECEIVABLE, Account.REVENUE),
    (Account.RECEIVABLE, Account.REFUND_EXPENDITURE),
    (Account.RECEIVABLE, Account.WRITTEN_OFF),
    (Account.RECEIVABLE, Account.OVERPAID),
    (Account.RECEIVABLE, Account.SUSPENSE),
    (Account.RECEIVABLE, Account.IN_TRANSIT),
    (Account.OVERPAID, Account.IN_TRANSIT),
    (Account.OVERPAID, Account.SUSPENSE),
    (Account.OVERPAID, Account.CASH),
    (Account.SUSPENSE, Account.IN_TRANSIT),
    (Account.SUSPENSE, Account.CASH),
    (Account.IN_TRANSIT, Account.CASH),
    (Account.REFUND_INTEREST, Account.CASH),
)
"""Between which accounts yen may go, either way (振替の経路).

With no other routes the identities of ``balances`` follow from the balance of the accounts; nothing can get round them.
"""


class Transfer(OfMunicipality):
    """``yen`` go from account ``credit`` to account ``debit`` on account of ``charge`` (振替).

    ``charge`` is empty where the money belongs to nobody's debt yet. Append-only; never negative: what goes back is a
    transfer the other way.
    """

    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="transfers", verbose_name="仕訳"
    )
    charge = models.ForeignKey(
        Charge, models.PROTECT, null=True, db_constraint=False, related_name="transfers", verbose_name="調定"
    )
    debit = models.CharField("借方", max_length=20, choices=Account)
    credit = models.CharField("貸方", max_length=20, choices=Account)
    yen = models.BigIntegerField("金額（円）")

    class Meta(OfMunicipality.Meta):
        verbose_name = "振替"
        verbose_name_plural = "振替"
        indexes = [
            models.Index(fields=["municipality", "charge"], name="transfer_by_charge"),
            models.Index(fields=["municipality", "posting"], name="transfer_by_posting"),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="transfer_is_of_a_posting_of_this_town", field="posting"),
            Across(name="transfer_is_of_a_charge_of_this_town", field="charge"),
            AppendOnly(name="transfer_only_grows"),
            NothingBelowZero(
                name="transfer_leaves_nothing_below_zero",
                violation_error_message="未納額または過誤納額を超える処理です。最新の残高を確かめてください。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gt=0),
                name="transfer_moves_some_yen",
                violation_error_message="金額は1円以上で入力してください。",
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_, (Q(debit=one, credit=other) | Q(debit=other, credit=one) for one, other in ROUTES)
                ),
                name="transfer_takes_a_route",
            ),
            models.CheckConstraint(
                condition=Q(charge__isnull=False) | ~(Q(debit__in=OF_A_DEBT) | Q(credit__in=OF_A_DEBT)),
                name="transfer_of_a_debt_names_the_charge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit} < {self.credit} {self.yen}"


class Closing(OfMunicipality):
    """A period that is closed: nothing is booked on its days any more; the balances at its end (締め).

    ``balances``: yen by account, debits minus credits of everything booked up to ``closed_through``. Append-only, and
    each later than the one before.
    """

    closed_through = models.DateField("締めた日")
    balances = models.JSONField("残高")
    closed_at = models.DateTimeField("締めた時刻")

    class Meta(OfMunicipality.Meta):
        verbose_name = "締め"
        verbose_name_plural = "締め"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="closing_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "closed_through"],
                name="closing_of_a_day_is_made_once",
                violation_error_message="この日までの締めはすでに行われています。",
            ),
            LaterThanTheLast(
                name="closing_is_later_than_the_last",
                violation_error_message="前回締めた日より後の日を指定してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closed_through:%Y-%m-%d}"
