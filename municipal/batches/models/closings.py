"""A day that was reconciled and closed, and what was opened again (日締め)."""

from django.db import models
from django.db.models import F, Q

from municipal.addressees.fields import text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class DayClosing(OfMunicipality):
    """What a day came to: acts, certificates, fees, and the cash that was counted by hand (日締め).

    Append-only; ``serial`` counts the closings of one day, because a day may be opened again and closed anew. Yen.
    """

    day = models.DateField("日")
    serial = models.PositiveSmallIntegerField("回")
    acts = models.PositiveIntegerField("異動")
    certificates = models.PositiveIntegerField("証明書")
    disposed = models.PositiveIntegerField("処分した証明書")
    fee_yen = models.PositiveIntegerField("手数料（円）")
    refunded_yen = models.PositiveIntegerField("返金額（円）")
    cash_yen = models.IntegerField("数えた現金（円）")
    explanation = text("差異の理由", 500)
    closed_at = models.DateTimeField("締めた日時")
    closed_by_kind = models.CharField("締めた者の種別", max_length=20)
    closed_by_id = models.BigIntegerField("締めた者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "日締め"
        verbose_name_plural = "日締め"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="day_closing_grows"),
            models.UniqueConstraint(
                fields=["municipality", "day", "serial"],
                name="day_is_closed_once_at_a_time",
                violation_error_message="この日はすでに締められています。",
            ),
            models.CheckConstraint(
                name="difference_is_explained",
                condition=Q(cash_yen=F("fee_yen") - F("refunded_yen")) | ~Q(explanation=""),
                violation_error_message="現金と手数料が合いません。差異の理由を入力してください。",
            ),
            models.CheckConstraint(
                name="cash_is_not_below_zero",
                condition=Q(cash_yen__gte=0),
                violation_error_message="数えた現金は0円以上の数です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def expected_yen(self) -> int:
        """What should be in the till: fees less what was given back."""
        return self.fee_yen - self.refunded_yen

    @property
    def difference_yen(self) -> int:
        """What was counted less what should be there."""
        return self.cash_yen - self.expected_yen


class DayReopening(OfMunicipality):
    """A closing that no longer counts, and why (締め直し)."""

    closing = models.OneToOneField(
        DayClosing, models.PROTECT, db_constraint=False, related_name="reopening", verbose_name="日締め"
    )
    because = text("理由", 200)
    reopened_at = models.DateTimeField("解除日時")
    reopened_by_kind = models.CharField("解除者の種別", max_length=20)
    reopened_by_id = models.BigIntegerField("解除者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "日締めの解除"
        verbose_name_plural = "日締めの解除"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="reopening_is_of_this_town", field="closing"),
            AppendOnly(name="day_reopening_grows"),
            models.CheckConstraint(
                name="reopening_has_a_reason",
                condition=~Q(because=""),
                violation_error_message="締めを解除する理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}"
