"""Who owes what, from which assessment, by when (賦課と調定)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

INTEREST, DEMAND_FEE = "990", "991"
ACCESSORIES = (INTEREST, DEMAND_FEE)
"""The fees of late-payment interest and of a demand: never assessed by themselves."""


class Assessment(OfMunicipality):
    """An amount that a payer was told to pay, for one fee and one year (賦課).

    Never computed here: it comes by file or by hand. Append-only: a later decision is a row of its own that
    ``revises`` the one before, with the new total; the books then follow by adjustments. ``accessory_of``: the charge
    whose late payment or demand this amount comes from; such an amount is an assessment of its own.
    """

    payer = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="assessments", verbose_name="納付義務者"
    )
    fee = models.CharField("料金項目", max_length=3)
    levy_year = models.PositiveSmallIntegerField("賦課年度")
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    reference = models.CharField("通知書番号", max_length=20)
    total_yen = models.BigIntegerField("年額（円）")
    revises = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="revisions", verbose_name="更正前の賦課"
    )
    accessory_of = models.ForeignKey(
        "Charge", models.PROTECT, null=True, db_constraint=False, related_name="accessories", verbose_name="元の調定"
    )
    reason = models.CharField("更正の理由", max_length=200, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "賦課"
        verbose_name_plural = "賦課"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="assessment_is_of_a_payer_of_this_town", field="payer"),
            Across(name="assessment_revises_one_of_this_town", field="revises"),
            Across(name="assessment_is_accessory_to_a_charge_of_this_town", field="accessory_of", is_deferred=True),
            AppendOnly(name="assessment_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "fee", "levy_year", "reference"],
                condition=Q(revises__isnull=True),
                name="assessment_is_made_once",
                violation_error_message="この通知書番号の賦課はすでに登録されています。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "revises"],
                name="assessment_is_revised_in_a_line",
                violation_error_message="この賦課はすでに更正されています。最新の賦課を更正してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "accessory_of", "fee"],
                condition=Q(revises__isnull=True),
                name="charge_has_one_accessory_of_a_kind",
                violation_error_message="この調定の延滞金または督促手数料はすでに調定されています。",
            ),
            models.CheckConstraint(
                condition=Q(fee__in=ACCESSORIES, accessory_of__isnull=False)
                | (~Q(fee__in=ACCESSORIES) & Q(accessory_of__isnull=True)),
                name="accessory_names_its_charge",
                violation_error_message="延滞金と督促手数料は、元の調定から調定してください。",
            ),
            models.CheckConstraint(
                condition=Q(total_yen__gte=0),
                name="assessment_is_not_negative",
                violation_error_message="賦課の額は0円以上で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fee} {self.levy_year} {self.reference}"


class Charge(OfMunicipality):
    """One instalment of an assessment: the least that is paid, charged interest for, written off (調定・期別).

    ``yen`` is what was charged at first; what is still owed is said by the books. Append-only.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, db_constraint=False, related_name="charges", verbose_name="賦課"
    )
    period = models.PositiveSmallIntegerField("期別")
    due_on = models.DateField("納期限")
    yen = models.BigIntegerField("当初調定額（円）")

    class Meta(OfMunicipality.Meta):
        verbose_name = "調定"
        verbose_name_plural = "調定"
        indexes = [models.Index(fields=["municipality", "due_on"], name="charge_by_due_day")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="charge_is_of_an_assessment_of_this_town", field="assessment"),
            AppendOnly(name="charge_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "assessment", "period"],
                name="charge_has_one_row_per_period",
                violation_error_message="この期の調定はすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=0),
                name="charge_is_not_negative",
                violation_error_message="調定の額は0円以上です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}-{self.period}"
