"""Suppressions: what may not, or only with care, be done about a person or a household (抑止)."""

from django.db import models
from django.db.models import F, Q

from municipal.addressees.fields import text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .addressee import Addressee


class Process(models.TextChoices):
    """What is suppressed (抑止する処理)."""

    EVENT = "event", "異動入力"
    ISSUE = "issue", "証明書発行"
    INQUIRY = "inquiry", "照会"


class Level(models.TextChoices):
    """How strongly: an error stops, an alert must be confirmed (抑止の段階; AMB-017: no third level is stored)."""

    ERROR = "error", "エラー"
    ALERT = "alert", "アラート"


class Suppression(OfMunicipality):
    """One process held back for one person or one household (抑止; resident-record/1.0#3.1).

    Past ``ends_on`` it still holds: only ``lifted_on`` ends it. Several may stand side by side. What a support
    measure suppresses follows from the measure and has no row here. Exactly one of addressee and household is set.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="suppressions",
        verbose_name="宛名",
    )  # fmt: skip
    household_number = models.CharField("世帯番号", max_length=15, blank=True, default="", db_default="")
    process = models.CharField("処理", max_length=8, choices=Process)
    level = models.CharField("段階", max_length=8, choices=Level)
    reason = text("抑止の理由", 100)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    lifted_on = models.DateField("解除日", null=True, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "抑止"
        verbose_name_plural = "抑止"
        indexes = [
            models.Index(
                fields=["municipality", "process"], name="suppression_in_force", condition=Q(lifted_on__isnull=True)
            )
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="suppression_is_of_this_town", field="addressee"),
            models.CheckConstraint(
                condition=Q(addressee__isnull=False, household_number="")
                | Q(addressee__isnull=True) & ~Q(household_number=""),
                name="suppression_is_of_a_person_or_a_household",
                violation_error_message="抑止は、個人か世帯のどちらか一方に設定してください。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="suppression_ends_after_it_starts",
                violation_error_message="抑止の終了日は開始日以降の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.starts_on:%Y-%m-%d}"


class TemporaryRelease(OfMunicipality):
    """One process let through for one person for some minutes (一時解除; resident-record/1.0#3.1).

    It ends by itself at ``until`` and is told to no other system.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="temporary_releases", verbose_name="宛名"
    )
    process = models.CharField("処理", max_length=8, choices=Process)
    reason = text("一時解除の理由", 100)
    released_by_kind = models.CharField("解除者の種別", max_length=20)
    released_by_id = models.BigIntegerField("解除者の番号")
    released_at = models.DateTimeField("解除日時")
    until = models.DateTimeField("抑止に戻る日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "一時解除"
        verbose_name_plural = "一時解除"
        indexes = [models.Index(fields=["municipality", "addressee", "until"], name="release_by_person")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="release_is_of_this_town", field="addressee"),
            AppendOnly(name="release_only_grows"),
            models.CheckConstraint(condition=Q(until__gt=F("released_at")), name="release_lasts_a_while"),
        ]

    def __str__(self) -> str:
        return f"{self.process}"


class SuppressionSettings(OfMunicipality):
    """How many minutes a temporary release lasts (一時解除の設定): one row, or the default."""

    release_minutes = models.PositiveSmallIntegerField("抑止に戻るまでの時間（分）", default=15)

    class Meta(OfMunicipality.Meta):
        verbose_name = "抑止の設定"
        verbose_name_plural = "抑止の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_suppression_settings"),
            models.CheckConstraint(
                condition=Q(release_minutes__gte=1, release_minutes__lte=480),
                name="release_lasts_some_minutes",
                violation_error_message="一時解除の時間は1分から480分までです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_minutes}"
