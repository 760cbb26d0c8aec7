"""Who may do what, from when until when (権限の付与)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.core import clock
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .staff import ACTIVE, Staff
from .switches import Switch


class Grant(OfMunicipality):
    """One permission of one person for a span of days (権限の付与, resident-record/1.0#10.3).

    ``valid`` holds the first day and the day after the last; it may begin in the future, so that the new year
    is prepared in advance. A grant is ended by revoking it; the application cannot change anything else of it.
    """

    staff = models.ForeignKey(
        Staff, models.PROTECT, db_constraint=False, related_name="grants", verbose_name="職員"
    )  # fmt: skip
    permission = models.CharField("権限", max_length=60)
    valid = DateRangeField("有効期間")
    reason = models.CharField("理由", max_length=200, blank=True)
    granted_at = models.DateTimeField("付与時刻", default=clock.now)
    granted_by = models.ForeignKey(
        Staff, models.PROTECT, db_constraint=False, null=True, related_name="+", verbose_name="付与した職員"
    )
    revoked_at = models.DateTimeField("取消時刻", null=True)
    revoked_by = models.ForeignKey(
        Staff, models.PROTECT, db_constraint=False, null=True, related_name="+", verbose_name="取り消した職員"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "権限の付与"
        verbose_name_plural = "権限の付与"
        ordering = ("id",)
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (revoked_at, revoked_by_id)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="grant_staff_in_town", field="staff"),
            Across(name="grant_granted_by_in_town", field="granted_by"),
            Across(name="grant_revoked_by_in_town", field="revoked_by"),
            ExclusionConstraint(
                name="grants_never_overlap",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("staff", RangeOperators.EQUAL),
                    ("permission", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
                violation_error_message="同じ権限の期間が重なっています。先に今の権限を取り消してください。",
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__upper_inf=False),
                name="grant_has_a_first_and_a_last_day",
                violation_error_message="権限の期限が開始日より前になっています。日付を確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.permission} {self.valid}"


def permissions_of(staff: Staff, on: date | None = None) -> frozenset[str]:
    """The codes that this person holds on that day, today if none is named, read anew each time (持っている権限).

    Nothing for an account that cannot be used on that day, and nothing that the municipality has switched off.
    """
    day = on or clock.today()
    if staff.state(day) != ACTIVE:
        return frozenset()
    held = Grant.objects.filter(staff=staff, revoked_at=None, valid__contains=day)
    off = Switch.objects.filter(is_on=False).values("permission")
    return frozenset(held.exclude(permission__in=off).values_list("permission", flat=True))
