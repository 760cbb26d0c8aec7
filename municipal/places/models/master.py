"""What every table of a dictionary has: when an entry holds, and since when we know (マスタの共通項目)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


def promises(table: str, *key: str) -> list[models.BaseConstraint]:
    """The constraints of a dictionary table: at most one entry for ``key`` at any day and moment (マスタの制約)."""
    overlapping = [(name, RangeOperators.EQUAL) for name in ("municipality", *key)]
    return [
        Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
        *OfMunicipality.Meta.constraints[1:],
        AppendOnly(name=f"{table}_only_closes", closes="recorded"),
        models.CheckConstraint(condition=Q(valid__isempty=False), name=f"{table}_lasts"),
        ExclusionConstraint(
            name=f"{table}_says_one_thing",
            expressions=[
                *overlapping,
                ("valid", RangeOperators.OVERLAPS),
                ("recorded", RangeOperators.OVERLAPS),
            ],
            violation_error_message="同じ期間に、同じ番号のものがすでに登録されています。期間を確かめてください。",
        ),
    ]


class Entries(models.QuerySet[Any]):
    """Entries of a dictionary by day (マスタの照会)."""

    def known(self) -> Self:
        """What is believed now, of whatever day."""
        return self.filter(recorded__endswith__isnull=True)

    def on(self, day: date) -> Self:
        """What holds on ``day`` as known now."""
        return self.known().filter(valid__contains=day)


class Master(OfMunicipality):
    """An entry of a dictionary that staff keep: closed or said anew, never overwritten (マスタ).

    ``KEY`` names the fields by which an entry is the same one through its changes.
    """

    KEY: Sequence[str] = ()

    valid = DateRangeField("有効期間")
    recorded = DateTimeRangeField("記録期間")

    objects = Entries.as_manager()

    class Meta:
        abstract = True

    def key(self) -> dict[str, Any]:
        """The values of KEY."""
        return {name: getattr(self, name) for name in self.KEY}
