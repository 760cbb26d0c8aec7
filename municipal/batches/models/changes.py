"""Addresses and domiciles that are to change in bulk, as a file says (住所一括変更)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import text
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import Job
from municipal.residents.models import ResidentEvent


class ChangeKind(models.TextChoices):
    """What a file changes (変更の対象)."""

    ADDRESS = "address", "現住所（世帯番号ごと）"
    DOMICILE = "domicile", "本籍（宛名番号ごと）"


class AddressChange(OfMunicipality):
    """One file of changes and how far it has come (住所一括変更; resident-record/1.0#9.7)."""

    kind = models.CharField("変更の対象", max_length=10, choices=ChangeKind)
    effective_on = models.DateField("実施日")
    basis = text("変更の根拠", 200)
    digest = models.CharField("ファイルの要約", max_length=64)
    rows_count = models.PositiveIntegerField("行数")
    taken_at = models.DateTimeField("取込日時")
    trial = models.ForeignKey(
        Job, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="仮処理"
    )
    final = models.ForeignKey(
        Job, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="本処理"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "住所一括変更"
        verbose_name_plural = "住所一括変更"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="address_change_is_tried_in_town", field="trial"),
            Across(name="address_change_is_final_in_town", field="final"),
            models.CheckConstraint(
                name="address_change_is_tried_first",
                condition=Q(final__isnull=True) | Q(trial__isnull=False),
                violation_error_message="本処理の前に、仮処理の結果を確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on:%Y-%m-%d}"


class AddressChangeRow(OfMunicipality):
    """One line of the file: whose, from what to what, and what came of it (一括変更の行)."""

    class Outcome(models.TextChoices):
        WAITING = "", "未処理"
        DONE = "done", "変更した"
        LEFT_OUT = "left_out", "除いた"

    change = models.ForeignKey(
        AddressChange, models.PROTECT, db_constraint=False, related_name="rows", verbose_name="住所一括変更"
    )
    row = models.PositiveIntegerField("行番号")
    number = models.CharField("世帯番号・宛名番号", max_length=15)
    before = models.JSONField("変更前")
    after = models.JSONField("変更後")
    outcome = models.CharField("結果", max_length=8, choices=Outcome, blank=True, default="")
    sentence = models.CharField("理由", max_length=500, blank=True, default="")
    event = models.ForeignKey(
        ResidentEvent, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="異動"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "一括変更の行"
        verbose_name_plural = "一括変更の行"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="change_row_is_of_this_town", field="change"),
            Across(name="change_row_became_an_event_in_town", field="event"),
            models.UniqueConstraint(fields=["municipality", "change", "row"], name="change_row_is_said_once"),
            models.CheckConstraint(name="change_row_is_done_by_an_event", condition=Q(outcome="done") ^ Q(event=None)),
        ]

    def __str__(self) -> str:
        return f"{self.row}"
