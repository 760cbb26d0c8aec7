"""Individual numbers, sealed, on two times; the stock of resident-record codes (個人番号・住民票コードの在庫)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .constraints import OnlyResealed
from .sealing import MASK


class Cause(models.TextChoices):
    """Why a number holds from a day on (個人番号の異動の種類; resident-record/1.0#4.4)."""

    DESIGNATION = "designation", "指定"
    CARRIED = "carried", "転入等による記載"
    ON_REQUEST = "on_request", "請求に基づく変更"
    EX_OFFICIO = "ex_officio", "職権に基づく変更"
    CORRECTION = "correction", "修正"
    RESTORED = "restored", "異動の取消しによる復元"


class IndividualNumber(OfMunicipality):
    """One stretch of both times in which one number is somebody's; the number itself is sealed (個人番号).

    At most one per person for any day and any moment of knowledge, and no number is two people's: the database excludes
    both. A row is closed once and otherwise only sealed anew. Nothing that prints a row prints its number.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="individual_numbers", verbose_name="宛名"
    )
    cause = models.CharField("異動の種類", max_length=12, choices=Cause)
    event = models.BigIntegerField("異動", null=True)
    valid = DateRangeField("有効期間")
    recorded = DateTimeRangeField("記録期間")
    key_id = models.CharField("鍵の名前", max_length=20)
    nonce = models.BinaryField("初期化ベクトル")
    ciphertext = models.BinaryField("個人番号(暗号)")
    blind_index = models.CharField("検索用の索引", max_length=64)

    class Meta(OfMunicipality.Meta):
        verbose_name = "個人番号"
        verbose_name_plural = "個人番号"
        indexes = [
            models.Index(fields=["municipality", "blind_index"], name="number_by_index"),
            models.Index(fields=["municipality", "key_id"], name="number_by_key"),
            models.Index(fields=["municipality", "event"], name="number_by_event", condition=Q(event__isnull=False)),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="number_is_of_an_addressee_of_this_town", field="addressee"),
            OnlyResealed(name="number_is_only_resealed"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & Q(recorded__isempty=False), name="number_period_is_not_empty"
            ),
            ExclusionConstraint(
                name="one_number_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("addressee", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この方には、同じ期間に個人番号がすでに記録されています。",
            ),
            ExclusionConstraint(
                name="one_person_of_each_number",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("blind_index", RangeOperators.EQUAL),
                    ("addressee", RangeOperators.NOT_EQUAL),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この個人番号は、ほかの方のものとして記録されています。番号を確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"<IndividualNumber {self.pk} {MASK}>"


class StockedCode(OfMunicipality):
    """A resident-record code received from the network and not given to anybody yet (住民票コードの在庫; #4.3.1).

    It leaves the stock when it is entered: who has it stands in the record, when it was given nowhere else (#4.3.2/n1).
    """

    code = models.CharField("住民票コード", max_length=11)

    class Meta(OfMunicipality.Meta):
        verbose_name = "住民票コードの在庫"
        verbose_name_plural = "住民票コードの在庫"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "code"],
                name="stocked_code_is_there_once",
                violation_error_message="同じ住民票コードがすでに在庫にあります。",
            ),
        ]

    def __str__(self) -> str:
        return "●●●●●●●●●●●"


class NumberSettings(OfMunicipality):
    """What a town decides about its numbers: below how many codes in stock a clerk is alerted (番号の設定; #4.3.1)."""

    least_codes = models.PositiveIntegerField("住民票コードの在庫の警告数", default=0, db_default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "番号の設定"
        verbose_name_plural = "番号の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="number_settings_once"),
        ]

    def __str__(self) -> str:
        return str(self.least_codes)
