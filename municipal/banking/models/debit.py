"""Direct debit: who agreed to it, what the bank was asked for, what came of it (口座振替)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.payments.models import Charge, Slip

from .account import BankAccount, digits_of


class Mandate(BankAccount):
    """A payer's order to pay one fee from an account, from one day until another (口座振替依頼).

    ``customer``: 20 digits by which the bank knows the mandate, never given again. Append-only, closed once.
    """

    payer = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="mandates", verbose_name="納付義務者"
    )
    holder = models.CharField("口座名義", max_length=30)
    fee = models.CharField("料金項目", max_length=3)
    customer = models.CharField("顧客番号", max_length=20)
    valid = DateRangeField("有効期間")
    recorded_at = models.DateTimeField("登録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "口座振替依頼"
        verbose_name_plural = "口座振替依頼"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="mandate_is_of_a_payer_of_this_town", field="payer"),
            AppendOnly(name="mandate_only_closes", closes="valid"),
            digits_of("mandate"),
            models.CheckConstraint(
                condition=Q(customer__regex="^[0-9]{20}$") & Q(valid__isempty=False),
                name="mandate_has_a_number_and_lasts",
            ),
            models.UniqueConstraint(fields=["municipality", "customer"], name="customer_number_is_given_once"),
            ExclusionConstraint(
                name="payer_has_one_mandate_for_a_fee",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("payer", RangeOperators.EQUAL),
                    ("fee", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この方のこの料金の口座振替依頼は、この期間にすでに登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.masked


class DebitRequest(OfMunicipality):
    """One file that asks the bank to debit everybody for one fee and due day (口座振替の請求). Append-only.

    ``content``: the bytes as they were handed over, so that the same file can be had again.
    """

    fee = models.CharField("料金項目", max_length=3)
    due_on = models.DateField("納期限")
    debit_on = models.DateField("引落日")
    content = models.BinaryField("請求データ")
    requested_at = models.DateTimeField("請求日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "口座振替の請求"
        verbose_name_plural = "口座振替の請求"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="debit_request_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.fee} {self.debit_on:%Y-%m-%d}"


class DebitItem(OfMunicipality):
    """One line of a request: so many yen for one charge from one account (口座振替の明細). Append-only.

    ``slip``: the payment number under which the money is reported. ``attempt``: the how-manieth time the charge is
    asked for; two requests at once give it the same one, and one of them is refused.
    """

    request = models.ForeignKey(
        DebitRequest, models.PROTECT, db_constraint=False, related_name="items", verbose_name="請求"
    )
    position = models.PositiveIntegerField("行")
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, db_constraint=False, related_name="items", verbose_name="口座振替依頼"
    )
    charge = models.ForeignKey(
        Charge, models.PROTECT, db_constraint=False, related_name="debit_items", verbose_name="調定"
    )
    slip = models.ForeignKey(
        Slip, models.PROTECT, db_constraint=False, related_name="debit_items", verbose_name="納付番号"
    )
    attempt = models.PositiveSmallIntegerField("回数")
    yen = models.BigIntegerField("引落金額（円）")

    class Meta(OfMunicipality.Meta):
        verbose_name = "口座振替の明細"
        verbose_name_plural = "口座振替の明細"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="debit_item_is_of_a_request_of_this_town", field="request"),
            Across(name="debit_item_is_of_a_mandate_of_this_town", field="mandate"),
            Across(name="debit_item_is_of_a_charge_of_this_town", field="charge"),
            Across(name="debit_item_is_of_a_slip_of_this_town", field="slip"),
            AppendOnly(name="debit_item_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "request", "position"], name="one_debit_item_at_each_place"
            ),
            models.UniqueConstraint(
                fields=["municipality", "charge", "attempt"],
                name="charge_is_debited_once_at_a_time",
                violation_error_message="同じ調定の口座振替を、ほかの職員が請求しました。一覧を開き直してください。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=1, yen__lte=9_999_999_999),
                name="debit_item_is_for_some_yen",
                violation_error_message="引落金額は1円以上、10桁までです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}-{self.position}"


class ResultFile(OfMunicipality):
    """A file of results as it came from the bank; the same bytes come once (口座振替の結果データ). Append-only."""

    request = models.ForeignKey(
        DebitRequest, models.PROTECT, db_constraint=False, related_name="result_files", verbose_name="請求"
    )
    name = models.CharField("ファイル名", max_length=100)
    digest = models.CharField("ハッシュ値", max_length=64)
    received_at = models.DateTimeField("受領日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "口座振替の結果データ"
        verbose_name_plural = "口座振替の結果データ"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="result_file_is_of_a_request_of_this_town", field="request"),
            AppendOnly(name="result_file_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "digest"],
                name="result_file_comes_once",
                violation_error_message="この結果データはすでに取り込まれています。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DebitResult(OfMunicipality):
    """What came of one line of a request; ``file`` is empty where a clerk closed it (口座振替の結果). Append-only."""

    item = models.ForeignKey(
        DebitItem, models.PROTECT, db_constraint=False, related_name="results", verbose_name="明細"
    )
    file = models.ForeignKey(
        ResultFile, models.PROTECT, null=True, db_constraint=False, related_name="results", verbose_name="結果データ"
    )
    code = models.CharField("結果コード", max_length=1)
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "口座振替の結果"
        verbose_name_plural = "口座振替の結果"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="debit_result_is_of_an_item_of_this_town", field="item"),
            Across(name="debit_result_is_of_a_file_of_this_town", field="file"),
            AppendOnly(name="debit_result_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "item"],
                name="debit_item_has_one_result",
                violation_error_message="この明細の結果はすでに記録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.code
