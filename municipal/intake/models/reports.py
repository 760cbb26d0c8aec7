"""What the portal is to be told of an application (登録する処理状況)."""

from django.db import models
from django.utils.translation import gettext_noop as _

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .received import Received


class ReportState(models.TextChoices):
    """How far the telling is (登録の状態)."""

    HELD = "held", _("職員の確認待ち")
    WAITING = "waiting", _("登録待ち")
    SENT = "sent", _("登録済み")
    DEAD = "dead", _("登録できず")


class StatusReport(OfMunicipality):
    """One state of one application, told at least once and in the order of the steps (処理状況).

    ``number``: the step of the case, 0 where it never became one. ``message``: what the applicant reads with it.
    """

    received = models.ForeignKey(
        Received, models.PROTECT, db_constraint=False, related_name="reports", verbose_name="受け取った申請"
    )
    number = models.PositiveIntegerField("経過の番号")
    word = models.CharField("国の状態", max_length=20)
    message = models.CharField("連絡事項", max_length=1000, blank=True, default="", db_default="")
    at = models.DateTimeField("処理日時")
    state = models.CharField("登録の状態", max_length=10, choices=ReportState)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    next_at = models.DateTimeField("次の試行日時")
    error = models.CharField("直近の障害", max_length=60, blank=True, default="", db_default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "登録する処理状況"
        verbose_name_plural = "登録する処理状況"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (state, attempts, next_at, error)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="report_is_of_something_received_in_this_town", field="received"),
            models.UniqueConstraint(fields=["municipality", "received", "number"], name="report_is_made_once"),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["municipality", "next_at"], condition=models.Q(state="waiting"), name="report_waits"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.received_id}/{self.number} {self.word}"
