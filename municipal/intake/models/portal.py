"""What the simulated portal holds (模擬の申請サイトの記録)."""

from django.db import models

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class PortalApplication(OfMunicipality):
    """One application at the simulated portal, of somebody made up (模擬の申請).

    ``fault``, ``fault_times``: how the portal misbehaves with it, and how often from now on. ``reports``: what the
    office registered of it, the oldest first.
    """

    receipt = models.CharField("受付番号", max_length=30)
    procedure = models.CharField("手続の識別子", max_length=60)
    content = models.BinaryField("申請データ")
    digest = models.CharField("照合値", max_length=64)
    made_at = models.DateTimeField("作成日時")
    fault = models.CharField("不具合", max_length=10, default="none")
    fault_times = models.PositiveSmallIntegerField("不具合の回数", default=0)
    reports = models.JSONField("登録された処理状況", default=list)

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の申請"
        verbose_name_plural = "模擬の申請"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (content, digest, fault, fault_times, reports)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "receipt"], name="portal_application_has_its_number"),
        ]

    def __str__(self) -> str:
        return self.receipt
