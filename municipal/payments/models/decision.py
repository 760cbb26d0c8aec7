"""What a clerk decided about a report that did not simply match (消込の判断)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .collection import Report
from .ledger import Posting


class Act(models.TextChoices):
    """What can be decided (判断の種類)."""

    APPLIED = "applied", _("ほかの調定に充当")
    REFUNDED = "refunded", _("還付")
    IDENTIFIED = "identified", _("納付者を特定")
    RETURNED = "returned", _("収納機関へ返した")
    LEFT = "left", _("このままとする")
    UNDONE = "undone", _("判断の取消し")


class Decision(OfMunicipality):
    """One decision about one report: what was done, for how many yen of it, by which posting, why (判断).

    It holds until its posting is reversed or another decision ``undoes`` it; then the case is open again. Append-only.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, db_constraint=False, related_name="decisions", verbose_name="収納の通知"
    )
    act = models.CharField("判断", max_length=12, choices=Act)
    yen = models.BigIntegerField("金額（円）")
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, db_constraint=False, related_name="decisions", verbose_name="仕訳"
    )
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="undoings", verbose_name="取り消した判断"
    )
    reason = models.CharField("理由", max_length=200)
    decided_at = models.DateTimeField("判断の日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "判断"
        verbose_name_plural = "判断"
        indexes = [models.Index(fields=["municipality", "report"], name="decision_by_report")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="decision_is_about_a_report_of_this_town", field="report"),
            Across(name="decision_is_by_a_posting_of_this_town", field="posting"),
            Across(name="decision_undoes_one_of_this_town", field="undoes"),
            AppendOnly(name="decision_only_grows"),
            models.UniqueConstraint(fields=["municipality", "posting"], name="decision_has_a_posting_of_its_own"),
            models.UniqueConstraint(
                fields=["municipality", "undoes"],
                name="decision_is_undone_once",
                violation_error_message="この判断はすでに取り消されています。",
            ),
            models.CheckConstraint(condition=Q(yen__gte=0), name="decision_is_not_negative"),
            models.CheckConstraint(
                condition=Q(act=Act.UNDONE, undoes__isnull=False, posting__isnull=True, yen=0)
                | (~Q(act=Act.UNDONE) & Q(undoes__isnull=True, yen__gte=1)),
                name="decision_undoes_or_decides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.report_id}"
