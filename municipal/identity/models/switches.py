"""What no standard asks for, and a municipality may switch off (標準外機能の停止)."""

from django.db import models

from municipal.core import clock
from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class Switch(OfMunicipality):
    """Whether a permission outside the standard counts here; without a row it does (標準外機能の切替え).

    A permission that is switched off is held by nobody: the screens it opens are refused and offered nowhere. Grants
    stay as they are, so that switching on again gives everybody back what they had. The audit holds every change.
    """

    permission = models.CharField("権限", max_length=60)
    is_on = models.BooleanField("使う")
    changed_at = models.DateTimeField("変更時刻", default=clock.now)

    class Meta(OfMunicipality.Meta):
        verbose_name = "標準外機能の切替え"
        verbose_name_plural = "標準外機能の切替え"
        ordering = ("permission",)
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "permission"], name="one_switch_of_each_permission"),
        ]

    def __str__(self) -> str:
        return f"{self.permission} {self.is_on}"
