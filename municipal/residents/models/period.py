"""When a record holds, and since when we know (有効期間と記録期間)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .record import Household, ResidentRecord


class Period(OfMunicipality):
    """One stretch of both times in which one record is the truth about a person (記録の時点).

    For any day and any moment of knowledge at most one row matches per person: the database excludes a second.
    A row is only ever closed: when something else becomes known, ``recorded`` gets its end and new rows follow.
    Days are ordering days, kept inside: what a screen shows is the record's own date, which may be unknown.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="periods", db_index=False, verbose_name="宛名"
    )
    record = models.ForeignKey(
        ResidentRecord, models.PROTECT, db_constraint=False, related_name="periods", verbose_name="住民票"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, db_constraint=False, related_name="periods", db_index=False, verbose_name="世帯"
    )
    is_registered = models.BooleanField("住民である")
    is_head = models.BooleanField("世帯主である")
    valid = DateRangeField("有効期間")
    recorded = DateTimeRangeField("記録期間")

    class Meta(OfMunicipality.Meta):
        verbose_name = "記録の時点"
        verbose_name_plural = "記録の時点"
        indexes = [
            models.Index(fields=["municipality", "addressee"], name="period_by_person"),
            # Whole, not only of what is known now: a household is asked for as it was known at any moment.
            models.Index(fields=["municipality", "household"], name="period_by_household"),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="period_is_of_an_addressee_of_this_town", field="addressee"),
            Across(name="period_is_of_a_record_of_this_town", field="record"),
            Across(name="period_is_of_a_household_of_this_town", field="household"),
            AppendOnly(name="period_only_closes", closes="recorded"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & Q(recorded__isempty=False), name="period_is_not_empty"
            ),
            ExclusionConstraint(
                name="one_truth_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("addressee", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じ人の記録が同じ期間に二つあります。最新の内容を確認してください。",
            ),
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                # Of what is known now: what was once believed was held to the same when it was believed.
                condition=Q(is_head=True, is_registered=True, recorded__endswith__isnull=True),
                # A change of head closes one row and adds another: the order of the two does not matter.
                deferrable=Deferrable.DEFERRED,
                violation_error_message="一つの世帯に世帯主は一人です。先に世帯主を変更してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid} {self.recorded}"
