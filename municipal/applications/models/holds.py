"""Why a case is kept longer, and how long cases are kept (保存の延長と保存期間)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case


class Hold(OfMunicipality):
    """That a case is in dispute and is not forgotten until somebody lifts the mark (争訟中の印)."""

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="holds", verbose_name="申請")
    reason = models.CharField("理由", max_length=200)
    placed_at = models.DateTimeField("付けた日時")
    placed_by = models.BigIntegerField("付けた職員の番号")
    lifted_at = models.DateTimeField("外した日時", null=True)
    lifted_by = models.BigIntegerField("外した職員の番号", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "争訟中の印"
        verbose_name_plural = "争訟中の印"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (lifted_at, lifted_by, reason)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="hold_is_of_a_case_of_this_town", field="case"),
            models.UniqueConstraint(
                fields=["municipality", "case"], condition=Q(lifted_at__isnull=True), name="case_is_held_once",
                violation_error_message="この申請には、すでに争訟中の印があります。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.case_id)


class KeepingPeriod(OfMunicipality):
    """For how many years a town keeps cases that ended in one way; the last one counts (保存期間). Append-only."""

    outcome = models.CharField("終わり方", max_length=20)
    years = models.PositiveSmallIntegerField("年数")
    set_at = models.DateTimeField("決めた日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "保存期間"
        verbose_name_plural = "保存期間"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="keeping_period_only_grows"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=100), name="keeping_period_is_some_years"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.years}"
