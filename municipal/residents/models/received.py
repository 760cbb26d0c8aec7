"""What other authorities sent about our people, line by line (受信した通知)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import text
from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality


class ReceivedKind(models.TextChoices):
    """From whom a notice is, and what it tells (通知の種類)."""

    MOVE_OUT = "move_out", "転出証明書情報"
    ARRIVAL = "arrival", "転入通知"
    IMMIGRATION = "immigration", "出入国在留管理庁長官通知"


class Received(OfMunicipality):
    """One line that was received, as it came (受信した通知; resident-record/1.0#4.1.1.3, #4.1.3.1.1, #4.5.6).

    ``said``: its items by field name, as text. ``addressee``: whom it is about here, empty while nobody knows.
    ``problem``: why the machine could not read it whole. It is taken in by an event that names it in ``answers`` and is
    not cancelled; a later line with the same ``key`` takes its place. Never deleted: what needs no act is closed with a
    reason.
    """

    kind = models.CharField("通知の種類", max_length=12, choices=ReceivedKind)
    key = models.CharField("通知の対象", max_length=100)
    sender = text("通知元", 60)
    noticed_on = models.DateField("通知年月日")
    received_at = models.DateTimeField("受信日時")
    said = models.JSONField("通知の内容")
    addressee = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="宛名番号"
    )
    problem = text("取込できない理由", 200)
    closed_because = text("処理を要しない理由", 200)

    class Meta(OfMunicipality.Meta):
        verbose_name = "受信した通知"
        verbose_name_plural = "受信した通知"
        indexes = [
            models.Index(fields=["municipality", "kind", "key"], name="received_by_key"),
            models.Index(
                fields=["municipality", "kind", "noticed_on"], name="received_open", condition=Q(closed_because="")
            ),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="received_is_about_an_addressee_of_this_town", field="addressee"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.noticed_on}"
