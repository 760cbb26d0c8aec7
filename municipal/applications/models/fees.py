"""What an application costs: the price that a clerk set, and what was charged (手数料)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.payments.models import Assessment

from .cases import Case


class FeeQuote(OfMunicipality):
    """Prices that a clerk set where no table knows them; the last one counts (手数料の見積り). Append-only.

    ``lines``: item, count, yen for each, in the order in which they were asked for.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="quotes", verbose_name="申請")
    lines = models.JSONField("内訳")
    quoted_at = models.DateTimeField("日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "手数料の見積り"
        verbose_name_plural = "手数料の見積り"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="quote_is_of_a_case_of_this_town", field="case"),
            AppendOnly(name="quote_only_grows"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class CaseFee(OfMunicipality):
    """What was charged for a case, once; how it stands is said by the books alone (申請の手数料). Append-only."""

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="fees", verbose_name="申請")
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, db_constraint=False, related_name="case_fees", verbose_name="賦課"
    )
    lines = models.JSONField("内訳")
    yen = models.BigIntegerField("額（円）")
    charged_at = models.DateTimeField("日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請の手数料"
        verbose_name_plural = "申請の手数料"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="case_fee_is_of_a_case_of_this_town", field="case"),
            Across(name="case_fee_is_of_an_assessment_of_this_town", field="assessment"),
            AppendOnly(name="case_fee_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "case"], name="case_is_charged_once",
                violation_error_message="この申請の手数料は、すでに調定されています。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "assessment"], name="assessment_is_of_one_case",
            ),
            models.CheckConstraint(condition=Q(yen__gte=1), name="case_fee_is_some_yen"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.yen}"
