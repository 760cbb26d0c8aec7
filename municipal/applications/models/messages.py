"""What the office and an applicant write to each other about one case (申請についてのやりとり)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case
from .promises import RowsGo

LONGEST = 2000


class Side(models.TextChoices):
    """Who writes or reads (やりとりの側)."""

    OFFICE = "office", "役所"
    APPLICANT = "applicant", "申請者"


class Message(OfMunicipality):
    """One message about a case, in its place (メッセージ). Never changed; it goes when the case is forgotten.

    ``attachment``: the reference of a file that the case has already. Nothing is uploaded with a message.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="messages", verbose_name="申請")
    number = models.PositiveIntegerField("順番")
    side = models.CharField("書いた側", max_length=10, choices=Side.choices)
    text = models.CharField("本文", max_length=LONGEST)
    attachment = models.UUIDField("添付の参照番号", null=True)
    at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "メッセージ"
        verbose_name_plural = "メッセージ"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="message_is_of_a_case_of_this_town", field="case"),
            RowsGo(name="message_goes_with_its_case"),
            models.UniqueConstraint(
                fields=["municipality", "case", "number"], name="message_has_its_place",
                violation_error_message="ほかの人が先に処理しました。画面を開き直してください。",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values) & ~Q(text=""), name="message_says_something"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class ReadMark(OfMunicipality):
    """Up to which message one side has read (既読). Rows only come, and go when the case is forgotten."""

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="marks", verbose_name="申請")
    side = models.CharField("読んだ側", max_length=10, choices=Side.choices)
    through = models.PositiveIntegerField("読んだところ")
    at = models.DateTimeField("日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "既読"
        verbose_name_plural = "既読"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="read_mark_is_of_a_case_of_this_town", field="case"),
            RowsGo(name="read_mark_goes_with_its_case"),
            models.UniqueConstraint(fields=["municipality", "case", "side", "through"], name="read_mark_is_set_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values, through__gte=1), name="read_mark_has_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side} {self.through}"
