"""Individual numbers, sealed, on two times; the stock of resident-record codes (個人番号・住民票コードの在庫)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
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


class RequestKind(models.TextChoices):
    """What is asked of the national network (住基ネットへの要求の種類; resident-record/1.0#7.1.1.4, #7.1.2)."""

    GENERATE = "generate", _("個人番号の生成要求")
    CHANGE = "change", _("個人番号の変更要求")
    LINK_CODE = "link_code", _("情報連携の符号の取得要求")
    SERIAL = "serial", _("電子証明書の発行番号の取得要求")
    MAILING = "mailing", _("個人番号カード送付先情報")


class RequestState(models.TextChoices):
    """How far a request is (要求の状態)."""

    WAITING = "waiting", _("送信待ち")
    SENT = "sent", _("送信済み")
    DONE = "done", _("応答済み")
    FAILED = "failed", _("エラー")


class NetworkRequest(OfMunicipality):
    """One request to the national network, whom it is about and how far it is (住基ネットへの要求).

    It holds nobody's data: what is sent is read from the register when it is sent.
    """

    kind = models.CharField("要求の種類", max_length=10, choices=RequestKind)
    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="network_requests", verbose_name="宛名"
    )
    reference = models.UUIDField("要求番号")
    state = models.CharField("状態", max_length=8, choices=RequestState, default=RequestState.WAITING)
    made_at = models.DateTimeField("作成日時")
    sent_at = models.DateTimeField("送信日時", null=True)
    answered_at = models.DateTimeField("応答日時", null=True)
    error = models.CharField("エラー", max_length=40, blank=True, default="", db_default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "住基ネットへの要求"
        verbose_name_plural = "住基ネットへの要求"
        indexes = [models.Index(fields=["municipality", "state", "made_at"], name="request_by_state")]
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (state, sent_at, answered_at, error)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="request_is_about_an_addressee_of_this_town", field="addressee"),
            models.UniqueConstraint(fields=["municipality", "reference"], name="request_reference_is_unique"),
            models.UniqueConstraint(
                fields=["municipality", "addressee", "kind"],
                condition=Q(state="waiting"),
                name="request_waits_once",
                violation_error_message="同じ要求がすでに送信を待っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"


class CardDestination(OfMunicipality):
    """Where somebody wants the notice of the number or the card sent instead of home (送付先とする居所; #7.1.1.4).

    The newest row counts; one without an address goes back to the home address. No screen shows it.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="card_destinations", verbose_name="宛名"
    )
    postal_code = models.CharField("郵便番号", max_length=7, blank=True, default="", db_default="")
    address = models.CharField("居所", max_length=600, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "番号通知書類の送付先"
        verbose_name_plural = "番号通知書類の送付先"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="destination_is_of_an_addressee_of_this_town", field="addressee"),
            AppendOnly(name="destination_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d}"
