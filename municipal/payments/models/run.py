"""Slips issued together, in the order in which they are printed (納付書の一括発行)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import Job

from .slip import Slip


class PrintOrder(models.TextChoices):
    """In which order the slips of a run leave the printer (印刷順)."""

    NUMBER = "number", "宛名番号順"
    KANA = "kana", "フリガナ順"
    POSTAL = "postal", "郵便番号順"
    REFERENCE = "reference", "通知書番号順"


class SlipRun(OfMunicipality):
    """Slips for everybody who owes one fee of one year and has no slip yet (納付書の一括発行).

    ``periods``: the instalments wanted, empty for all. ``pay_until``: the last day of all slips; without it every slip
    has its own, see ``operations.issue_slips``. How far it is says its ``job``. Append-only.
    """

    fee = models.CharField("料金項目", max_length=3)
    levy_year = models.PositiveSmallIntegerField("賦課年度")
    periods = ArrayField(models.PositiveSmallIntegerField("期別"), verbose_name="期別", default=list)
    order = models.CharField("印刷順", max_length=10, choices=PrintOrder)
    pay_until = models.DateField("支払期限", null=True)
    job = models.ForeignKey(Job, models.PROTECT, db_constraint=False, related_name="slip_runs", verbose_name="一括処理")
    ordered_at = models.DateTimeField("依頼日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "納付書の一括発行"
        verbose_name_plural = "納付書の一括発行"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="slip_run_has_a_job_of_this_town", field="job"),
            AppendOnly(name="slip_run_only_grows"),
            models.UniqueConstraint(fields=["municipality", "job"], name="slip_run_has_a_job_of_its_own"),
        ]

    def __str__(self) -> str:
        return f"{self.fee} {self.levy_year}"


class RunSlip(OfMunicipality):
    """A slip that a run issued, and its place in the printed file (一括発行の明細). Append-only."""

    run = models.ForeignKey(SlipRun, models.PROTECT, db_constraint=False, related_name="lines", verbose_name="一括発行")
    slip = models.ForeignKey(Slip, models.PROTECT, db_constraint=False, related_name="runs", verbose_name="納付書")
    position = models.PositiveIntegerField("印刷順")

    class Meta(OfMunicipality.Meta):
        verbose_name = "一括発行の明細"
        verbose_name_plural = "一括発行の明細"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="run_slip_is_of_a_run_of_this_town", field="run"),
            Across(name="run_slip_is_a_slip_of_this_town", field="slip"),
            AppendOnly(name="run_slip_only_grows"),
            models.UniqueConstraint(fields=["municipality", "slip"], name="slip_is_of_one_run"),
            models.UniqueConstraint(fields=["municipality", "run", "position"], name="one_slip_at_each_place"),
            models.CheckConstraint(condition=Q(position__gte=1), name="places_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}-{self.position}"


class CounterSlip(OfMunicipality):
    """A slip that was printed without an address, to be handed over by a clerk (窓口渡しの納付書). Append-only."""

    run = models.ForeignKey(
        SlipRun, models.PROTECT, db_constraint=False, related_name="counter", verbose_name="一括発行"
    )
    slip = models.ForeignKey(Slip, models.PROTECT, db_constraint=False, related_name="counter", verbose_name="納付書")
    noted_at = models.DateTimeField("印刷日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "窓口渡しの納付書"
        verbose_name_plural = "窓口渡しの納付書"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="counter_slip_is_of_a_run_of_this_town", field="run"),
            Across(name="counter_slip_is_a_slip_of_this_town", field="slip"),
            AppendOnly(name="counter_slip_only_grows"),
            models.UniqueConstraint(fields=["municipality", "slip"], name="counter_slip_is_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.slip_id}"
