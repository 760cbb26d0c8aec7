"""What somebody looked for (検索履歴)."""

from django.db import models

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class RememberedSearch(OfMunicipality):
    """The conditions of one search of one person, for that person alone (検索履歴; resident-record/1.0#2.1.1).

    Not a record of who looked for whom: that is the audit, which keeps no values. The oldest go by themselves.
    """

    actor_kind = models.CharField("利用者の種別", max_length=20)
    actor_id = models.BigIntegerField("利用者の番号")
    conditions = models.JSONField("検索条件")
    asked_at = models.DateTimeField("検索日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "検索履歴"
        verbose_name_plural = "検索履歴"
        indexes = [
            models.Index(fields=["municipality", "actor_kind", "actor_id", "asked_at"], name="search_of_a_person")
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
