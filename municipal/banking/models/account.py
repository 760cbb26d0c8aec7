"""Accounts at banks: the town's own, and those to which refunds are paid (口座)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class BankAccount(OfMunicipality):
    """An account, as banks name it to each other: half-width kana, codes of digits (口座).

    Pages and lists show ``masked`` only; the whole number stands on the page where it is entered and in the file.
    """

    bank_code = models.CharField("金融機関番号", max_length=4)
    bank_name = models.CharField("金融機関名", max_length=15)
    branch_code = models.CharField("支店番号", max_length=3)
    branch_name = models.CharField("支店名", max_length=15)
    kind = models.CharField("預金種目", max_length=1)
    number = models.CharField("口座番号", max_length=7)

    class Meta(OfMunicipality.Meta):
        abstract = True

    @property
    def masked(self) -> str:
        """The number with its last three digits only (口座番号の伏せ字)."""
        return f"****{self.number[-3:]}"


def digits_of(table: str) -> models.CheckConstraint:
    """The codes and the number of an account are digits (口座の桁の制約)."""
    return models.CheckConstraint(
        condition=Q(
            bank_code__regex="^[0-9]{4}$", branch_code__regex="^[0-9]{3}$", number__regex="^[0-9]{7}$",
            kind__regex="^[0-9]$",
        ),
        name=f"{table}_has_codes_of_digits",
        violation_error_message="金融機関番号は4桁、支店番号は3桁、口座番号は7桁の数字です。",
    )  # fmt: skip


class BankSettings(BankAccount):
    """How the town names itself to its bank, and its own account: one row or none (銀行への依頼人の設定).

    ``debit_client`` and ``transfer_client``: the codes the bank gave it for direct debits and for transfers.
    """

    debit_client = models.CharField("委託者コード（口座振替）", max_length=10)
    transfer_client = models.CharField("依頼人コード（総合振込）", max_length=10)
    client_name = models.CharField("依頼人名", max_length=40)

    class Meta(OfMunicipality.Meta):
        verbose_name = "銀行への依頼人の設定"
        verbose_name_plural = "銀行への依頼人の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            digits_of("town_account"),
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_bank_settings"),
            models.CheckConstraint(
                condition=Q(debit_client__regex="^[0-9]{10}$", transfer_client__regex="^[0-9]{10}$"),
                name="clients_are_ten_digits",
                violation_error_message="委託者コードと依頼人コードは10桁の数字です。",
            ),
        ]

    def __str__(self) -> str:
        return self.client_name


class RefundAccount(BankAccount):
    """Where a payer's refunds are paid to, from one day until another (還付先口座). Append-only, closed once."""

    payer = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="refund_accounts", verbose_name="納付義務者"
    )
    holder = models.CharField("口座名義", max_length=30)
    valid = DateRangeField("有効期間")
    recorded_at = models.DateTimeField("登録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "還付先口座"
        verbose_name_plural = "還付先口座"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="refund_account_is_of_a_payer_of_this_town", field="payer"),
            AppendOnly(name="refund_account_only_closes", closes="valid"),
            digits_of("refund_account"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="refund_account_lasts"),
            ExclusionConstraint(
                name="payer_has_one_refund_account",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("payer", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この方の還付先口座は、この期間にすでに登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.masked
