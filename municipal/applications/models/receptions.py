"""What staff took in for somebody at the counter or from paper (窓口受付)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .bundles import Bundle


class Desk(models.TextChoices):
    """By which way staff takes an application in (職員が受け付ける経路)."""

    COUNTER = "counter", "窓口"
    PAPER = "paper", _("紙・郵送")


class Agreed(models.TextChoices):
    """How the applicant said that what stands there is right (内容の確認の方法)."""

    SCREEN = "screen", _("本人が画面で確認し、署名した")
    SHEET = "sheet", _("本人が印刷した紙に署名した")
    POSTED = "posted", _("署名のある申請書が届いた")


class Reception(OfMunicipality):
    """One visit to the counter, or one letter, and the applications that it brings (窓口受付).

    ``who``: where values are taken from: ``people`` (addressee numbers), ``received`` (ids of received move-out data)
    and ``card`` (whether a card was read). ``received_on``: the day it came, from which the cases count.
    ``counts``: how many values were typed, ticked and taken. Identity is noted as an act of the register notes it.
    """

    public = models.UUIDField("公開番号", default=uuid4)
    bundle = models.ForeignKey(
        Bundle, models.CASCADE, db_constraint=False, related_name="receptions", verbose_name="手続一式"
    )
    channel = models.CharField("受付の経路", max_length=10, choices=Desk.choices)
    staff = models.BigIntegerField("受け付けた職員の番号")
    received_on = models.DateField("受付年月日")
    who = models.JSONField("引用元", default=dict)
    identity_check = models.CharField("本人確認の方法", max_length=25, blank=True, default="", db_default="")
    identity_document = models.CharField("本人確認の書類", max_length=100, blank=True, default="", db_default="")
    agreed = models.CharField(
        "内容の確認の方法", max_length=10, choices=Agreed.choices, blank=True, default="", db_default=""
    )
    remark = models.CharField("本人の申出", max_length=1000, blank=True, default="", db_default="")
    counts = models.JSONField("入力と引用の数", default=dict)
    created_at = models.DateTimeField("受付日時")
    handed_in_at = models.DateTimeField("提出日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "窓口受付"
        verbose_name_plural = "窓口受付"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="reception_is_of_a_bundle_of_this_town", field="bundle"),
            models.UniqueConstraint(fields=["municipality", "public"], name="reception_has_its_own_number"),
            models.UniqueConstraint(fields=["municipality", "bundle"], name="bundle_is_received_once"),
            models.CheckConstraint(condition=Q(channel__in=Desk.values), name="reception_is_by_staff"),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | (~Q(identity_check="") & ~Q(agreed="")),
                name="reception_is_checked_before_it_counts",
                violation_error_message="本人確認の方法と、本人が内容を確認したことを入れてください。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["municipality", "-created_at"], name="reception_newest")]

    def __str__(self) -> str:
        return str(self.public)
