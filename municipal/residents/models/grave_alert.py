"""Alerts that not everybody may confirm (重要なアラート)."""

from django.db import models

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class GraveAlert(OfMunicipality):
    """An alert that only holders of the permission may confirm (重要なアラート; resident-record/1.0#11.1)."""

    code = models.CharField("アラートコード", max_length=60)

    class Meta(OfMunicipality.Meta):
        verbose_name = "重要なアラート"
        verbose_name_plural = "重要なアラート"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "code"], name="grave_alert_is_named_once"),
        ]

    def __str__(self) -> str:
        return self.code
