"""What came from the portal, and how it goes on (受け取った申請)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.models import Case
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality


class ReceivedState(models.TextChoices):
    """How far the intake is with it (申請管理の状態)."""

    REFUSED = "refused", _("受け取れない")
    TO_CONVERT = "to_convert", _("宛名番号の確認待ち")
    FAULTY = "faulty", _("形式審査で停止")
    CHANGED = "changed", _("内容の変更")
    IMPORTED = "imported", _("取込み済み")
    DISMISSED = "dismissed", _("取り込まない")


OPEN = (ReceivedState.TO_CONVERT, ReceivedState.FAULTY, ReceivedState.CHANGED)


class IntakeSettings(OfMunicipality):
    """Whether and how often a town asks the portal, and when it did (申請管理の設定).

    ``is_feedback_on``: that the state of a case goes to the portal by itself. The current standard leaves this for
    later (common functions 2.1, section 2.1.2), so it is off unless the town switches it on.
    """

    is_on = models.BooleanField("自動で受け取る", default=False)
    every_minutes = models.PositiveSmallIntegerField("受け取る間隔（分）", default=15)
    is_feedback_on = models.BooleanField("処理状況を自動で登録する", default=False)
    asked_at = models.DateTimeField("前回の受取り日時", null=True)
    outcome = models.JSONField("前回の結果", default=dict)

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請管理の設定"
        verbose_name_plural = "申請管理の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="intake_has_one_setting"),
            models.CheckConstraint(
                condition=Q(every_minutes__gte=5, every_minutes__lte=1440), name="intake_asks_at_a_sane_pace",
                violation_error_message="間隔は5分から1440分までです。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.municipality_id}"


class Received(OfMunicipality):
    """One application as it came from the portal, by receipt number and content (受け取った申請).

    Of what could not be read only the refusal is kept: ``digest`` and ``content`` are empty then. ``content`` goes once
    a case holds it. ``error``: the refusal that stopped it, as sentence, values and code. ``serial``: of the
    certificate with which it was signed; ``doubt``: why no addressee number was given by itself.
    """

    receipt = models.CharField("受付番号", max_length=30)
    digest = models.CharField("照合値", max_length=64, blank=True, default="", db_default="")
    state = models.CharField("状態", max_length=10, choices=ReceivedState)
    procedure = models.CharField("手続の識別子", max_length=60, blank=True, default="", db_default="")
    applied_at = models.DateTimeField("申請日時", null=True)
    received_at = models.DateTimeField("受取り日時")
    attempts = models.PositiveSmallIntegerField("受取りの回数", default=1)
    content = models.BinaryField("申請データ", default=b"")
    error = models.JSONField("止まった理由", default=dict)
    serial = models.CharField("証明書の発行番号", max_length=32, blank=True, default="", db_default="")
    is_signature_good = models.BooleanField("署名の確認", null=True)
    doubt = models.CharField("確認が要る理由", max_length=20, blank=True, default="", db_default="")
    person = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="対象者"
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, db_constraint=False, related_name="received", verbose_name="申請"
    )
    reason = models.CharField("取り込まない理由", max_length=1000, blank=True, default="", db_default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "受け取った申請"
        verbose_name_plural = "受け取った申請"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="intake_is_about_an_addressee_of_this_town", field="person"),
            Across(name="received_became_a_case_of_this_town", field="case"),
            models.UniqueConstraint(
                fields=["municipality", "receipt", "digest"], name="received_once_by_number_and_content"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReceivedState.REFUSED) | Q(digest="", content=b"", case=None),
                name="of_what_was_refused_nothing_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReceivedState.IMPORTED) | Q(case__isnull=False, content=b""),
                name="imported_is_a_case",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "-received_at"], name="received_by_state")]

    def __str__(self) -> str:
        return self.receipt
