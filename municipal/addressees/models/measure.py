"""Support measures: the case, its steps, whom it covers, from whom, and where it was forwarded (支援措置)."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from municipal.addressees.fields import register_date, text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .addressee import Addressee


class MeasureKind(models.TextChoices):
    """Against what somebody is protected (支援措置の種類)."""

    VIOLENCE = "violence", "配偶者からの暴力"
    STALKING = "stalking", "ストーカー行為等"
    CHILD_ABUSE = "child_abuse", "児童虐待"
    SIMILAR = "similar", "その他これらに準ずるもの"


class MeasureStatus(models.TextChoices):
    """Where a case stands (支援措置の状態)."""

    PROVISIONAL = "provisional", "仮支援措置"
    RUNNING = "running", "支援措置"
    ENDED = "ended", "終了"


class MeasureStepKind(models.TextChoices):
    """What made a row of a case (支援措置の経過)."""

    APPLIED = "applied", "申出の受付"
    RECEIVED = "received", "転送の受付"
    STARTED = "started", "開始"
    CORRECTED = "corrected", "訂正"
    EXTENDED = "extended", "延長"
    LEFT_TOWN = "left_town", "転出による仮支援措置への切替え"
    NOT_NEEDED = "not_needed", "必要性なしの確認"
    ENDED = "ended", "終了"


class EndReason(models.TextChoices):
    """Why a measure ended (終了の理由; resident-record/1.0#3.4)."""

    ASKED = "asked", "支援対象者の申出"
    EXPIRED = "expired", "期間の経過"
    NOT_NEEDED = "not_needed", "支援の必要性がない"


class SupportMeasure(OfMunicipality):
    """One case of protection, known by its number; its steps say all else (支援措置; resident-record/1.0#1.1.16)."""

    number = models.CharField("支援措置番号", max_length=15)

    class Meta(OfMunicipality.Meta):
        verbose_name = "支援措置"
        verbose_name_plural = "支援措置"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "number"], name="measure_number_is_given_once"),
            AppendOnly(name="measure_only_grows"),
        ]

    def __str__(self) -> str:
        return self.number


class MeasureStep(OfMunicipality):
    """A case as one step left it: every item, never changed (支援措置の経過).

    The highest serial is the case as it stands. Passing ``ends_on`` changes nothing: only a step ends a measure.
    """

    measure = models.ForeignKey(
        SupportMeasure, models.PROTECT, db_constraint=False, related_name="steps", verbose_name="支援措置"
    )
    serial = models.PositiveIntegerField("経過番号")
    step = models.CharField("経過", max_length=12, choices=MeasureStepKind)
    status = models.CharField("状態", max_length=12, choices=MeasureStatus)
    kind = models.CharField("種類", max_length=12, choices=MeasureKind)
    applied_on = models.DateField("申出年月日")
    consulting_body = text("相談機関", 100)
    consulted_on = models.DateField("相談機関の意見の年月日", null=True, blank=True)
    provisional_from = models.DateField("仮支援措置の開始年月日", null=True, blank=True)
    starts_on = models.DateField("支援措置の開始年月日", null=True, blank=True)
    ends_on = models.DateField("支援措置の終了年月日", null=True, blank=True)
    ended_on = models.DateField("支援を終えた年月日", null=True, blank=True)
    end_reason = models.CharField("終了の理由", max_length=12, choices=EndReason, blank=True)
    first_municipality = text("当初受付市区町村", 40)
    received_on = models.DateField("転送された申出書の受付年月日", null=True, blank=True)
    told_not_needed_on = models.DateField("必要性がないことの連絡年月日", null=True, blank=True)
    hides_inspection = models.BooleanField("閲覧（現住所）", default=True)
    hides_copies = models.BooleanField("住民票の写し等の交付（現住所）", default=True)
    hides_copies_before = models.BooleanField("住民票の写し等の交付（前住所）", default=True)
    hides_supplement = models.BooleanField("戸籍の附票の写し等の交付（本籍）", default=False)
    hides_supplement_before = models.BooleanField("戸籍の附票の写し等の交付（前本籍等）", default=False)
    contact_phone = text("連絡先_電話番号", 20)
    contact_mobile = text("連絡先_携帯電話番号", 20)
    contact_mail = text("連絡先_メールアドレス等", 100)
    note = text("備考", 300)
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "支援措置の経過"
        verbose_name_plural = "支援措置の経過"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="measure_step_is_of_this_town", field="measure"),
            AppendOnly(name="measure_step_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "measure", "serial"],
                name="measure_step_is_given_once",
                violation_error_message="ほかの職員が先に記録しました。最新の内容を確認して、もう一度入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="measure_ends_after_it_starts",
                violation_error_message="支援措置の終了日は開始日以降の日にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="running_measure_has_a_period",
                violation_error_message="支援措置の開始日と終了日を入力してください。",
            ),
            models.CheckConstraint(
                condition=~Q(status="provisional") | Q(provisional_from__isnull=False),
                name="provisional_measure_has_a_start",
                violation_error_message="仮支援措置の開始日を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) & ~Q(end_reason="")
                | ~Q(status="ended") & Q(ended_on__isnull=True, end_reason=""),
                name="ended_measure_says_when_and_why",
                violation_error_message="支援を終えた日と理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}-{self.serial}"


class Protection(OfMunicipality):
    """One person whom a measure covers: the address is given to nobody (支援対象者; resident-record/1.0#3.4).

    It never ends by itself: past ``ends_on`` it still holds until somebody lifts it. ``measure`` is empty where only
    the mark came along, as from another system; ``is_own`` is false for those protected together with the applicant.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="protections", verbose_name="宛名"
    )
    measure = models.ForeignKey(
        SupportMeasure, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="protections",
        verbose_name="支援措置",
    )  # fmt: skip
    is_own = models.BooleanField("本人の申出", default=True)
    relation = text("申出者との関係", 30)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    lifted_on = models.DateField("解除日", null=True, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "支援対象者"
        verbose_name_plural = "支援対象者"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="protection_is_of_this_town", field="addressee"),
            Across(name="protection_is_by_a_measure_of_this_town", field="measure"),
            models.UniqueConstraint(
                fields=["municipality", "addressee"],
                condition=Q(lifted_on__isnull=True, measure__isnull=True),
                name="one_protection_at_a_time",
                violation_error_message="この方の支援措置はすでに登録されています。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "addressee", "measure"],
                condition=Q(lifted_on__isnull=True, measure__isnull=False),
                name="a_measure_covers_a_person_once",
                violation_error_message="この方はすでにこの支援措置の対象です。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="protection_ends_after_it_starts",
                violation_error_message="支援措置の終了日は開始日以降の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d}"


class Perpetrator(OfMunicipality):
    """From whom a measure protects, as far as it is known (加害者; resident-record/1.0#1.1.16).

    A correction closes the row and adds another. ``addressee`` only where the person is of this municipality.
    """

    measure = models.ForeignKey(
        SupportMeasure, models.PROTECT, db_constraint=False, related_name="perpetrators", verbose_name="支援措置"
    )
    addressee = models.ForeignKey(
        Addressee, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+", verbose_name="宛名"
    )
    name = text("加害者の氏名", 100)
    born_on = register_date("加害者の生年月日")
    sex = models.CharField("加害者の性別", max_length=1, choices={"0": "不明", "1": "男", "2": "女"}, blank=True)
    address = text("加害者の住所", 300)
    other = text("その他", 300)
    recorded = DateTimeRangeField("記録期間")

    class Meta(OfMunicipality.Meta):
        verbose_name = "加害者"
        verbose_name_plural = "加害者"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="perpetrator_is_of_a_measure_of_this_town", field="measure"),
            Across(name="perpetrator_is_an_addressee_of_this_town", field="addressee"),
            AppendOnly(name="perpetrator_only_closes", closes="recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}"


class Forwarding(OfMunicipality):
    """An application sent on to another municipality, and when (転送; resident-record/1.0#1.1.16)."""

    measure = models.ForeignKey(
        SupportMeasure, models.PROTECT, db_constraint=False, related_name="forwardings", verbose_name="支援措置"
    )
    to = text("転送先市区町村", 40)
    forwarded_on = models.DateField("転送年月日")
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "支援措置の転送"
        verbose_name_plural = "支援措置の転送"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="forwarding_is_of_this_town", field="measure"),
            AppendOnly(name="forwarding_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.forwarded_on:%Y-%m-%d}"
