"""Long work in steps: how far it is, and which rows it could not take (一括処理)."""

from django.db import models
from django.db.models import F, Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class Job(OfMunicipality):
    """One run of a job kind, ordered by somebody (一括処理).

    ``position`` is what the kind's function needs to go on after its last finished step; ``parameters`` are ids
    and choices, no values of records. ``done`` counts rows, ``total`` is 0 while unknown.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待機中"
        RUNNING = "running", "実行中"
        DONE = "done", "完了"
        FAILED = "failed", "中断"

    kind = models.CharField("処理", max_length=63)
    parameters = models.JSONField("条件", default=dict)
    is_dry_run = models.BooleanField("試行", default=False)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    position = models.JSONField("再開位置", default=dict)
    steps = models.PositiveIntegerField("実行した段階", default=0)
    total = models.PositiveIntegerField("総件数", default=0)
    done = models.PositiveIntegerField("処理件数", default=0)
    errors = models.PositiveIntegerField("エラー件数", default=0)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    failure = models.CharField("障害", max_length=120, blank=True)
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")
    created_at = models.DateTimeField("受付日時")
    started_at = models.DateTimeField("開始日時", null=True)
    touched_at = models.DateTimeField("最終更新日時")
    finished_at = models.DateTimeField("終了日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "一括処理"
        verbose_name_plural = "一括処理"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.CheckConstraint(
                name="office_job_ends_with_a_time",
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="office_job_ends_after_its_start",
                condition=Q(finished_at__gte=F("created_at")) | Q(finished_at=None),
            ),
        ]

    @property
    def percent(self) -> int | None:
        """How much is done, 0 to 100; None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None


class JobError(OfMunicipality):
    """One row of the input that a job could not take, and why (エラー行)."""

    job = models.ForeignKey(
        Job, models.PROTECT, db_constraint=False, related_name="error_rows", verbose_name="一括処理"
    )
    row = models.PositiveIntegerField("行番号")
    field = models.CharField("項目", max_length=63, blank=True)
    sentence = models.CharField("理由", max_length=500)

    class Meta(OfMunicipality.Meta):
        verbose_name = "エラー行"
        verbose_name_plural = "エラー行"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="office_joberror_job_in_town", field="job"),
            AppendOnly(name="office_joberror_grows"),
        ]
