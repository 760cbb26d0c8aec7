"""Municipalities, and what every table that belongs to one has (自治体)."""

from django.db import models

from . import wall
from .constraints import Shared, Wall


class Municipality(models.Model):
    """A municipality served by this installation (自治体).

    The key is the six-digit local-government code as a number (全国地方公共団体コード). The list is open
    to the application for reading only: a town is founded by the owner's role, at installation.
    """

    id = models.PositiveIntegerField("全国地方公共団体コード", primary_key=True)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英語名", max_length=100, blank=True)
    prefecture = models.CharField("都道府県", max_length=4)
    is_fictional = models.BooleanField("架空", default=False)

    class Meta:
        verbose_name = "自治体"
        verbose_name_plural = "自治体"
        ordering = ("id",)
        constraints = [Shared(name="municipality_is_read_only", rights=("SELECT",))]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The code as it is written, with its leading zero."""
        return f"{self.pk:06d}"


class OfMunicipality(models.Model):
    """Whatever belongs to one municipality, behind the wall (自治体に属するもの)."""

    id = models.BigAutoField(primary_key=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, default=wall.current, editable=False, db_index=False, db_constraint=False,
        related_name="+",
        verbose_name="自治体",
    )  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            models.UniqueConstraint(fields=["municipality", "id"], name="%(app_label)s_%(class)s_in_town"),
        ]
