"""One entitlement, in as many versions as it had, on two times (受給資格)."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .files import AssessmentFile

MOST_YEN = 99_999_999
TAKEN = "すでに手続中・認定済みの請求があります。"
"""Never with whom or where: who asks may be the one from whom that must be kept."""


def days(first: date, last: date | None) -> DateRange:
    """The days from ``first`` through ``last``; none where it ends before it begins (期間)."""
    if last is None:
        return DateRange(first, None)
    return DateRange(first, last + timedelta(days=1)) if last >= first else DateRange(empty=True)


class State(models.TextChoices):
    """What was decided, and whether it has an end (受給資格の状態)."""

    GRANTED = "granted", _("認定")
    ENDED = "ended", _("終了")
    REFUSED = "refused", _("不認定")


class Cause(models.TextChoices):
    """Why there is a version (版の理由)."""

    DECIDED = "decided", _("決定")
    AMOUNT = "amount", _("額の決定")
    MOVED_OUT = "moved_out", _("転出")
    DIED = "died", _("死亡")
    CLERK = "clerk", _("職員による終了")
    CEASED = "ceased", _("消滅の届出")
    REOPENED = "reopened", _("終了の取消し")


BY_REGISTER = (Cause.MOVED_OUT, Cause.DIED)


class Per(models.TextChoices):
    """For what an amount is paid (額の単位)."""

    MONTH = "month", _("月額")
    ONCE = "once", _("一時金")
    NONE = "", _("なし")


class AmountFrom(models.TextChoices):
    """Who said the amount; the program never computes one (額の出所)."""

    FILE = "file", _("認定・支給額のファイル")
    CLERK = "clerk", _("職員の入力")
    NONE = "", _("なし")


PAID_PER, SAID_BY = (Per.MONTH.value, Per.ONCE.value), (AmountFrom.FILE.value, AmountFrom.CLERK.value)


class Entitlement(OfMunicipality):
    """What holds of one entitlement since it was recorded (受給資格). A row is only ever closed, never changed.

    Rows of one ``number`` are the versions of one entitlement, and the one whose ``recorded`` is open holds now.
    ``person``: who is entitled; ``about``: whom it concerns, the child of an allowance, else the same person. ``kind``:
    see ``kinds``; ``procedure``: by which it was decided, ``name``: its name then. ``lasts``: of this kind ``about``
    has one at a time, whoever is entitled. ``valid``: the days from the first to the day after the last, open where no
    end is known; None where it was refused. ``decided_in``: the number of the application, empty where there was none.
    """

    number = models.CharField("受給資格の番号", max_length=15)
    version = models.PositiveSmallIntegerField("版")
    person = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="entitlements", verbose_name="受給者"
    )
    about = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="entitlements_about", verbose_name="対象者"
    )
    kind = models.CharField("種類", max_length=60)
    procedure = models.CharField("手続の識別子", max_length=60)
    name = models.CharField("名称", max_length=100)
    lasts = models.BooleanField("継続するか")
    state = models.CharField("状態", max_length=10, choices=State)
    valid = DateRangeField("期間", null=True)
    amount_yen = models.BigIntegerField("額（円）", null=True)
    per = models.CharField("額の単位", max_length=10, choices=Per, blank=True, default="", db_default="")
    amount_from = models.CharField(
        "額の出所", max_length=10, choices=AmountFrom, blank=True, default="", db_default=""
    )  # fmt: skip
    file = models.ForeignKey(
        AssessmentFile, models.PROTECT, null=True, db_constraint=False, related_name="entitlements",
        verbose_name="ファイル",
    )  # fmt: skip
    decided_in = models.CharField("受付番号", max_length=20, blank=True, default="", db_default="")
    decided_on = models.DateField("決定日")
    cause = models.CharField("版の理由", max_length=10, choices=Cause)
    reason = models.CharField("理由", max_length=300, blank=True, default="", db_default="")
    recorded = DateTimeRangeField("記録期間")

    class Meta(OfMunicipality.Meta):
        verbose_name = "受給資格"
        verbose_name_plural = "受給資格"
        indexes = [
            models.Index(fields=["municipality", "person"], name="entitlement_by_person"),
            models.Index(fields=["municipality", "about"], name="entitlement_about"),
            models.Index(fields=["municipality", "kind", "state"], name="entitlement_by_kind"),
            models.Index(
                fields=["municipality", "decided_in"], condition=~Q(decided_in=""), name="entitlement_by_case"
            ),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="entitlement_is_of_an_addressee_of_this_town", field="person"),
            Across(name="entitlement_is_about_an_addressee_of_this_town", field="about"),
            Across(name="entitlement_is_of_a_file_of_this_town", field="file"),
            AppendOnly(name="entitlement_only_closes", closes="recorded"),
            ExclusionConstraint(
                name="one_entitlement_of_a_kind_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL), ("kind", RangeOperators.EQUAL),
                    ("about", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                condition=Q(lasts=True) & ~Q(state=State.REFUSED),
                violation_error_message=TAKEN,
            ),
            models.UniqueConstraint(
                fields=["municipality", "number", "version"], name="entitlement_version_is_written_once",
                violation_error_message="ほかの人が先に記録しました。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "decided_in", "kind", "about"],
                condition=Q(version=1) & ~Q(decided_in=""),
                name="a_case_entitles_once",
                violation_error_message="この申請の受給資格はすでに記録されています。",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED, valid__isnull=True) | ~Q(state=State.REFUSED) & Q(valid__isnull=False),
                name="entitlement_has_days_unless_refused",
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__isnull=True, per="", amount_from="")
                | Q(amount_yen__gte=0, per__in=PAID_PER, amount_from__in=SAID_BY),
                name="an_amount_comes_from_somebody",
                violation_error_message="額は、認定・支給額のファイルか職員の入力だけから記録できます。",
            ),
            models.CheckConstraint(
                condition=~Q(amount_from=AmountFrom.FILE) | Q(file__isnull=False), name="an_amount_of_a_file_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(reason=""), name="a_refusal_says_why",
                violation_error_message="不認定の理由を入れてください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}/{self.version}"

    @property
    def is_void(self) -> bool:
        """Whether it ended before it began (開始前に終了)."""
        return bool(self.valid is not None and self.valid.isempty)

    @property
    def starts_on(self) -> date | None:
        """The first day; None where it was refused or ended before it began (開始日)."""
        found: date | None = self.valid.lower if self.valid is not None else None
        return found

    @property
    def ends_on(self) -> date | None:
        """The last day; None where no end is known (終了日)."""
        upper = self.valid.upper if self.valid is not None else None
        return upper - timedelta(days=1) if upper else None
