"""What follows when nobody pays: demands, and claims that are given up (督促と不納欠損)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import Job

from .charge import Charge
from .ledger import Posting
from .slip import Slip


class Demand(OfMunicipality):
    """A charge was demanded in writing, for the first and only time that the law counts (督促).

    ``yen``, ``interest_yen``: what was owed on the day, and the interest so far. ``slip``: the one that was sent along.
    ``job``: the run that wrote the letter. Append-only.
    """

    charge = models.ForeignKey(Charge, models.PROTECT, db_constraint=False, related_name="demands", verbose_name="調定")
    slip = models.ForeignKey(Slip, models.PROTECT, db_constraint=False, related_name="demands", verbose_name="納付書")
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, db_constraint=False, related_name="demands", verbose_name="一括処理"
    )
    issued_on = models.DateField("発付日")
    pay_by = models.DateField("指定期限")
    yen = models.BigIntegerField("督促した額（円）")
    interest_yen = models.BigIntegerField("発付日の延滞金（円）")

    class Meta(OfMunicipality.Meta):
        verbose_name = "督促"
        verbose_name_plural = "督促"
        indexes = [models.Index(fields=["municipality", "job"], name="demand_by_run")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="demand_is_of_a_charge_of_this_town", field="charge"),
            Across(name="demand_is_sent_with_a_slip_of_this_town", field="slip"),
            Across(name="demand_is_of_a_run_of_this_town", field="job"),
            AppendOnly(name="demand_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "charge"],
                name="charge_is_demanded_once",
                violation_error_message="この調定はすでに督促しています。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=1, interest_yen__gte=0),
                name="demand_is_for_some_yen",
                violation_error_message="督促する額は1円以上です。",
            ),
            models.CheckConstraint(
                condition=Q(pay_by__gt=models.F("issued_on")),
                name="demand_leaves_days_to_pay",
                violation_error_message="指定期限は発付日より後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.issued_on:%Y-%m-%d}"


class WriteOff(OfMunicipality):
    """Why a claim was given up: the code of the reason and the paper it rests on (不納欠損の理由). Append-only."""

    charge = models.ForeignKey(
        Charge, models.PROTECT, db_constraint=False, related_name="write_offs", verbose_name="調定"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="write_offs", verbose_name="仕訳"
    )
    reason = models.CharField("理由", max_length=30)
    basis = models.CharField("根拠", max_length=200, blank=True, default="", db_default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "不納欠損の理由"
        verbose_name_plural = "不納欠損の理由"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="write_off_is_of_a_charge_of_this_town", field="charge"),
            Across(name="write_off_is_of_a_posting_of_this_town", field="posting"),
            AppendOnly(name="write_off_only_grows"),
            models.UniqueConstraint(fields=["municipality", "posting"], name="write_off_has_one_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
