"""How soon the other systems of the town are told what changed (他業務への連携の設定)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality

MOST_MINUTES = 10


class LinkageSettings(OfMunicipality):
    """One row, or no linkage (他業務連携の設定; resident-record/1.0#7.2.3).

    ``told_until``: the moment of the last file, from which the next one begins.
    """

    class Timing(models.TextChoices):
        OFF = "off", "行わない"
        AT_ONCE = "at_once", "異動のつど（リアルタイム）"
        INTERVAL = "interval", "一定の間隔（準リアルタイム）"

    timing = models.CharField("連携のタイミング", max_length=10, choices=Timing, default=Timing.OFF)
    minutes = models.PositiveSmallIntegerField("間隔（分）", default=5)
    told_until = models.DateTimeField("連携済みの時点", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "他業務連携の設定"
        verbose_name_plural = "他業務連携の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_linkage_settings"),
            models.CheckConstraint(
                name="changes_are_told_within_ten_minutes",
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                violation_error_message="連携の間隔は1分から10分までです。",
            ),
        ]

    def __str__(self) -> str:
        return self.timing
