"""From which month on this system counts (統計の設定)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class Beginning(OfMunicipality):
    """The first month that this system counts, as it was said at a time; the newest row holds (集計の開始月).

    Months before it belong to the system that was there before (resident-record/1.0#6.1).
    """

    first_month = models.DateField("集計の開始月")
    said_at = models.DateTimeField("設定日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "集計の開始月"
        verbose_name_plural = "集計の開始月"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="statistics_beginning_grows"),
            models.CheckConstraint(
                condition=Q(first_month__day=1),
                name="statistics_beginning_is_a_month",
                violation_error_message="集計の開始月は、月の初日で表します。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m}"
