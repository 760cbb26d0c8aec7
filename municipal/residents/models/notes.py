"""What stands beside the history of a person: notes, remarks, memos, investigations (統合記載欄・メモ・実態調査)."""

from django.db import models
from django.db.models import F, Q

from municipal.addressees.fields import text
from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .record import Household, ResidentRecord

LONGEST_REMARK, LONGEST_MEMO = 500, 2000


class Remark(OfMunicipality):
    """One line of the remarks field as somebody wrote it (統合記載欄; resident-record/1.0#1.1.14).

    A note (B) belongs to one row of the history and one of its items; a remark (C) to the person alone. What the
    history itself says (A) is made by rule and stored nowhere. Another text is a new line that ``replaces`` the former;
    ``is_struck`` takes it away. Both stay.
    """

    class Sort(models.TextChoices):
        NOTE = "note", "留意事項"
        REMARK = "remark", "備考"

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="remarks", verbose_name="宛名"
    )
    sort = models.CharField("類型", max_length=10, choices=Sort)
    record = models.ForeignKey(
        ResidentRecord, models.PROTECT, null=True, db_constraint=False, related_name="notes", verbose_name="履歴"
    )
    item = models.CharField("関係する項目", max_length=60, blank=True, default="")
    text = text("内容", LONGEST_REMARK)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="replaced_by", verbose_name="もとの記載"
    )
    is_struck = models.BooleanField("削除", default=False)
    written_at = models.DateTimeField("入力日時")
    written_by_kind = models.CharField("入力者の種別", max_length=20)
    written_by_id = models.BigIntegerField("入力者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "統合記載欄の記載"
        verbose_name_plural = "統合記載欄の記載"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="remark_is_of_an_addressee_of_this_town", field="addressee"),
            Across(name="remark_is_of_a_record_of_this_town", field="record"),
            Across(name="remark_replaces_one_of_this_town", field="replaces"),
            AppendOnly(name="remark_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                name="remark_is_replaced_once",
                violation_error_message="ほかの職員が先に直しました。最新の内容を確認して、もう一度入力してください。",
            ),
            models.CheckConstraint(
                name="note_belongs_to_a_row", condition=Q(sort="note") ^ Q(record__isnull=True, item="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.written_at:%Y-%m-%d}"


class Memo(OfMunicipality):
    """What staff note down about a person for each other; no output ever has it (メモ; resident-record/1.0#1.1.15).

    Every writing, changing and deleting is a row with who and when.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="memos", verbose_name="宛名"
    )
    text = text("メモ", LONGEST_MEMO)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="replaced_by", verbose_name="もとのメモ"
    )
    is_struck = models.BooleanField("削除", default=False)
    written_at = models.DateTimeField("入力日時")
    written_by_kind = models.CharField("入力者の種別", max_length=20)
    written_by_id = models.BigIntegerField("入力者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "メモ"
        verbose_name_plural = "メモ"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="memo_is_of_an_addressee_of_this_town", field="addressee"),
            Across(name="memo_replaces_one_of_this_town", field="replaces"),
            AppendOnly(name="memo_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                name="memo_is_replaced_once",
                violation_error_message="ほかの職員が先に直しました。最新の内容を確認して、もう一度入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"


class StandingNote(OfMunicipality):
    """The note that a municipality wants on every act of one reason (定型の留意事項; resident-record/1.0#1.1.14/m6)."""

    reason = models.CharField("異動事由", max_length=40)
    text = text("留意事項", LONGEST_REMARK)

    class Meta(OfMunicipality.Meta):
        verbose_name = "定型の留意事項"
        verbose_name_plural = "定型の留意事項"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "reason"],
                name="reason_has_one_standing_note",
                violation_error_message="この異動事由の定型文は、すでに登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Investigation(OfMunicipality):
    """Whether something recorded of a person is true is being looked into (実態調査中).

    ``about``: WHOLE for whether the person lives here at all, a group of items (address, household, family_register),
    or one item. It goes on until it is ended; then it stays as history.
    """

    class Outcome(models.TextChoices):
        AS_RECORDED = "as_recorded", "記録のとおり"
        TO_CORRECT = "to_correct", "修正する"
        TO_REMOVE = "to_remove", "職権消除する"
        NONE = "", "調査中"

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="investigations", verbose_name="宛名"
    )
    about = models.CharField("調査の対象", max_length=60)
    because = text("調査の理由", 200)
    started_on = models.DateField("開始日")
    ended_on = models.DateField("終了日", null=True)
    outcome = models.CharField("結果", max_length=20, choices=Outcome, blank=True, default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "実態調査"
        verbose_name_plural = "実態調査"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="investigation_is_of_an_addressee_of_this_town", field="addressee"),
            models.CheckConstraint(
                name="investigation_ends_after_its_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="終了日が開始日より前になっています。日付を確かめてください。",
            ),
            models.CheckConstraint(
                name="investigation_ends_with_an_outcome", condition=Q(ended_on__isnull=True) ^ ~Q(outcome="")
            ),
            models.UniqueConstraint(
                fields=["municipality", "addressee", "about"],
                condition=Q(ended_on__isnull=True),
                name="one_investigation_at_a_time",
                violation_error_message="この対象は、すでに調査中です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.started_on}"


class ActualHead(OfMunicipality):
    """Who leads a household in fact without a record here (事実上の世帯主; resident-record/1.0#4.1.4.3).

    A diplomat, a soldier of the forces stationed here, the director of a home. ``until`` is the first day on which it
    no longer holds.
    """

    class Standing(models.TextChoices):
        EXEMPT = "exempt", "法の適用を受けない外国人"
        DIRECTOR = "director", "施設の長"
        OTHER = "other", "その他"

    household = models.ForeignKey(
        Household, models.PROTECT, db_constraint=False, related_name="actual_heads", verbose_name="世帯"
    )
    name = text("氏名", 100)
    standing = models.CharField("立場", max_length=10, choices=Standing)
    since = models.DateField("開始日")
    until = models.DateField("終了日", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "事実上の世帯主"
        verbose_name_plural = "事実上の世帯主"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="actual_head_is_of_a_household_of_this_town", field="household"),
            models.CheckConstraint(
                name="actual_head_ends_after_its_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="終了日が開始日より前になっています。日付を確かめてください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "household"],
                condition=Q(until__isnull=True),
                name="one_actual_head_at_a_time",
                violation_error_message="この世帯の事実上の世帯主は、すでに登録されています。先に終了してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"
