"""What was answered to a request that named itself, so that its repetition does nothing twice (冪等性の控え)."""

from django.db import models

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class KeptAnswer(OfMunicipality):
    """The stored answer to one key of one actor, kept 400 days (応答の控え).

    It is written by the transaction that did the work: it is there exactly if the work was done.
    """

    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")
    key = models.CharField("冪等キー", max_length=255)
    body_digest = models.CharField("要求の要約値", max_length=64)
    status = models.PositiveSmallIntegerField("応答の種別")
    answer = models.JSONField("応答", null=True)
    created_at = models.DateTimeField("応答日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "応答の控え"
        verbose_name_plural = "応答の控え"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "actor_kind", "actor_id", "key"], name="office_answer_once"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "created_at"], name="office_answer_by_age")]
