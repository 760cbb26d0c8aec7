"""From where a run was ordered, when runs begin by themselves, whom a run listed (実行・予約・一覧)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import text
from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import Job


class Timing(models.TextChoices):
    """When a schedule begins its runs (予約の種類; resident-record/1.0#9.1/m1)."""

    ONCE = "once", "日時を指定"
    DAILY = "daily", "毎日"
    WEEKLY = "weekly", "曜日を指定"
    MONTHLY = "monthly", "毎月の日を指定"
    MONTH_END = "month_end", "月末"


class Schedule(OfMunicipality):
    """A run that begins by itself (予約起動).

    ``weekday`` 0 is Monday; ``day`` is 1 to 31, the last day of a month that has no such day.
    """

    kind = models.CharField("処理", max_length=63)
    parameters = models.JSONField("条件", default=dict)
    timing = models.CharField("予約の種類", max_length=10, choices=Timing)
    at = models.TimeField("時刻")
    on = models.DateField("日付", null=True, blank=True)
    weekday = models.PositiveSmallIntegerField("曜日", null=True, blank=True)
    day = models.PositiveSmallIntegerField("毎月の日", null=True, blank=True)
    next_at = models.DateTimeField("次の起動", null=True, blank=True)
    actor_kind = models.CharField("予約者の種別", max_length=20)
    actor_id = models.BigIntegerField("予約者の番号")
    ended_at = models.DateTimeField("中止日時", null=True, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "予約"
        verbose_name_plural = "予約"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.CheckConstraint(
                name="schedule_says_when",
                condition=Q(timing__in=["daily", "month_end"])
                | Q(timing="once", on__isnull=False)
                | Q(timing="weekly", weekday__lte=6)
                | Q(timing="monthly", day__gte=1, day__lte=31),
                violation_error_message="予約の日付・曜日・日を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.timing}"


class Run(OfMunicipality):
    """Where a job was ordered, or by which schedule (実行の記録; resident-record/1.0#9.1/m7)."""

    job = models.OneToOneField(Job, models.PROTECT, db_constraint=False, related_name="run", verbose_name="一括処理")
    schedule = models.ForeignKey(
        Schedule, models.PROTECT, null=True, db_constraint=False, related_name="runs", verbose_name="予約"
    )
    office = text("入力場所", 30)
    terminal = text("入力端末", 30)

    class Meta(OfMunicipality.Meta):
        verbose_name = "実行の記録"
        verbose_name_plural = "実行の記録"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="run_is_of_a_job_in_town", field="job"),
            Across(name="run_is_of_a_schedule_in_town", field="schedule"),
            AppendOnly(name="run_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}"


class ListedPerson(OfMunicipality):
    """Somebody whom a run put on its list, and the day that matters (一覧の行)."""

    job = models.ForeignKey(Job, models.PROTECT, db_constraint=False, related_name="listed", verbose_name="一括処理")
    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="+", db_index=False, verbose_name="宛名"
    )
    due_on = models.DateField("期日", null=True, blank=True)
    note = models.CharField("内容", max_length=40, blank=True, default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "一覧の行"
        verbose_name_plural = "一覧の行"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="listed_by_a_job_in_town", field="job"),
            Across(name="listed_person_is_in_town", field="addressee"),
            AppendOnly(name="listed_person_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.addressee_id}"
