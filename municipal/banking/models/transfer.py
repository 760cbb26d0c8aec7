"""Refunds by transfer: what the bank was asked to pay, and what came back (還付の振込)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.payments.models import Charge, Posting

from .account import RefundAccount


class TransferOrder(OfMunicipality):
    """One file that asks the bank to pay refunds (還付の振込依頼). Append-only.

    ``content``: the bytes as they were handed over, so that the same file can be had again.
    """

    pay_on = models.DateField("振込指定日")
    content = models.BinaryField("依頼データ")
    ordered_at = models.DateTimeField("依頼日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "還付の振込依頼"
        verbose_name_plural = "還付の振込依頼"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="transfer_order_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.pay_on:%Y-%m-%d}"


class TransferItem(OfMunicipality):
    """One line of an order: one refund to one account (還付の振込明細). Append-only."""

    order = models.ForeignKey(
        TransferOrder, models.PROTECT, db_constraint=False, related_name="items", verbose_name="振込依頼"
    )
    position = models.PositiveIntegerField("行")
    account = models.ForeignKey(
        RefundAccount, models.PROTECT, db_constraint=False, related_name="items", verbose_name="還付先口座"
    )
    charge = models.ForeignKey(
        Charge, models.PROTECT, db_constraint=False, related_name="transfer_items", verbose_name="調定"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="transfer_items", verbose_name="還付の仕訳"
    )
    yen = models.BigIntegerField("振込金額（円）")

    class Meta(OfMunicipality.Meta):
        verbose_name = "還付の振込明細"
        verbose_name_plural = "還付の振込明細"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="transfer_item_is_of_an_order_of_this_town", field="order"),
            Across(name="transfer_item_is_to_an_account_of_this_town", field="account"),
            Across(name="transfer_item_is_of_a_charge_of_this_town", field="charge"),
            Across(name="transfer_item_is_of_a_posting_of_this_town", field="posting"),
            AppendOnly(name="transfer_item_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "order", "position"], name="one_transfer_item_at_each_place"
            ),
            models.UniqueConstraint(
                fields=["municipality", "posting"],
                name="refund_is_ordered_once",
                violation_error_message="この還付の振込はすでに依頼しています。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=1, yen__lte=9_999_999_999),
                name="transfer_item_is_for_some_yen",
                violation_error_message="振込金額は1円以上、10桁までです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.position}"


class TransferReturn(OfMunicipality):
    """A transfer that the bank could not make: its refund is taken back in the books (振込不能). Append-only.

    ``reason``: a code of the list ``return_reason``.
    """

    item = models.ForeignKey(
        TransferItem, models.PROTECT, db_constraint=False, related_name="returns", verbose_name="振込明細"
    )
    reason = models.CharField("理由", max_length=20)
    returned_on = models.DateField("返却日")
    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="transfer_returns", verbose_name="取消しの仕訳"
    )
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "振込不能"
        verbose_name_plural = "振込不能"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="transfer_return_is_of_an_item_of_this_town", field="item"),
            Across(name="transfer_return_is_of_a_posting_of_this_town", field="posting"),
            AppendOnly(name="transfer_return_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "item"],
                name="transfer_comes_back_once",
                violation_error_message="この振込の不能はすでに記録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
